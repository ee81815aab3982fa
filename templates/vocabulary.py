"""The field's vocabulary: which labels mean the same, and which words make two labels different things."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("vocabulary.yaml")


class Vocabulary:
    """`vocabulary.yaml`: label keys (see `templates.labels`), words that tell labels apart, what titles are about."""

    this_year: list[str]
    last_year: list[str]

    def __init__(
        self,
        labels: list[list[str]],
        opposed: list[list[str]],
        subjects: list[list[str]],
        shorter: dict[str, list[str]],
        wholes: list[str],
        projects: list[str],
        own_columns: list[str],
        scoring: list[str],
    ) -> None:
        self.scoring = frozenset(scoring)
        self.wholes, self.projects, self.own_columns = frozenset(wholes), frozenset(projects), tuple(own_columns)
        self._shorter = {name: frozenset(words) for name, words in shorter.items()}
        self.opposed = tuple(map(tuple, opposed))
        self.subjects = tuple(map(tuple, subjects))
        self._classes: dict[str, frozenset[str]] = {}
        for names in labels:
            for name in names:
                self._classes[name] = self._classes.get(name, frozenset()) | frozenset(names)

    def meaning(self, label: str) -> frozenset[str]:
        """Every label of the vocabulary that may stand for this one, itself included."""
        return self._classes.get(label, frozenset((label,)))

    def shorter(self, label: str) -> frozenset[str]:
        """Labels that say less than this one, and may stand for it where nothing else does."""
        return self._shorter.get(label, frozenset())

    def apart(self, one: str, other: str) -> bool:
        """Whether the two labels differ in a word that makes them different things."""
        for words in self.opposed:
            mine, theirs = ({word for word in words if word in label} for label in (one, other))
            if mine and theirs and not mine & theirs:
                return True
        return False


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary that is installed."""
    read = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    years = read.pop("years")
    found = Vocabulary(**read)
    found.this_year, found.last_year = years["this"], years["last"]
    return found
