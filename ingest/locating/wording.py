"""Which label of a definition a label of the sheet stands for, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from gouji.templates.labels import label_key
from gouji.templates.taught import Taught
from gouji.templates.vocabulary import vocabulary

EXACT, SYNONYM, SIMILAR = "exact", "synonym", "similar"
ENOUGH = 70.0
"""Likeness (0 to 100) from which a label may be read for another one."""
MARGIN = 10.0
"""By how much it must be nearer to that one than to any other."""
SHORTER = 95.0
"""The likeness of a label that says less than the one that it mostly stands for."""
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A label of the definition: the name of its item, the keys of its printings in any year, and its synonyms.

    `label`: the text in the definition; `never`: keys that people excluded.
    """

    name: str
    label: str
    keys: frozenset[str]
    synonyms: frozenset[str]
    never: frozenset[str] = frozenset()

    def how(self, key: str) -> str | None:
        """Exact or synonym, None where the key is neither."""
        return EXACT if key in self.keys else SYNONYM if key in self.synonyms else None

    def knowing(self, taught: tuple[Taught, ...]) -> FormLabel:
        """The label with the wordings that people taught: they count like its own, and for no further label."""
        if not taught:
            return self
        read_as_keys = {lesson: frozenset(map(label_key, lesson.read_as)) for lesson in taught}
        own_keys = {lesson.key for lesson in taught if not self.keys.isdisjoint(read_as_keys[lesson])}
        foreign_keys = {lesson.key for lesson in taught if lesson.read_as} - own_keys
        never = {lesson.key for lesson in taught if not self.keys.isdisjoint(map(label_key, lesson.never))} - own_keys
        synonyms = self.synonyms - own_keys - foreign_keys - never
        return FormLabel(self.name, self.label, self.keys | own_keys, synonyms, frozenset(never))


@lru_cache(maxsize=8192)
def form_label(name: str, label: str, also: tuple[str, ...] = ()) -> FormLabel:
    """A definition's label, with {年} and {上年} as any form prints them, and its own synonyms (`also`)."""
    keys = frozenset(map(label_key, _printings(label)))
    synonyms = frozenset(map(label_key, also)).union(*(vocabulary().meaning(key) for key in keys))
    return FormLabel(name, label, keys, synonyms - keys)


def _printings(label: str) -> list[str]:
    terms = vocabulary()
    printings = [label]
    for sign, year, words in (
        ("{年}年", "2000年", terms.this_year),
        ("{上年}年", "1999年", terms.last_year),
    ):
        printings = [text.replace(sign, by) for text in printings for by in ([year, *words] if sign in text else [""])]
    return [text.replace("{年}", "2000").replace("{上年}", "1999") for text in printings]


@lru_cache(maxsize=65536)
def _ratio(first: str, second: str) -> float:
    if min(len(first), len(second)) < _SHORTEST or vocabulary().apart(first, second):
        return 0.0
    return float(fuzz.ratio(first, second))


def likeness(label: FormLabel, key: str) -> float:
    """0 to 100: how near a label of the sheet comes to any printing of a label of the definition or to a synonym."""
    if key in label.never:
        return 0.0
    if any(key in vocabulary().shorter(wording) for wording in label.keys):
        return SHORTER
    return max((_ratio(wording, key) for wording in (*label.keys, *label.synonyms)), default=0.0)


@dataclass(frozen=True, slots=True)
class Match:
    """A label of the sheet read for one of the definition: at which place, which text, how, and how near (0 to 100)."""

    place: int
    text: str
    how: str
    likeness: float = 100.0


_WEIGHT = {EXACT: 1000.0, SYNONYM: 900.0}


def aligned(
    labels: Sequence[FormLabel], places: Sequence[tuple[int, Iterable[str]]], foreign: frozenset[str] = frozenset()
) -> dict[str, Match]:
    """Name → where it stands: one assignment for all labels together, in their order on the sheet.

    `places`: rows or columns in ascending order with the keys that stand there. A label that has moved out of order is
    taken where its exact wording or a synonym stands once. `foreign`: keys that mean something else in this form and
    are never read by likeness.
    """
    texts = [(place, list(keys)) for place, keys in places]
    sure = [[_surely(label, keys) for label in labels] for _, keys in texts]
    kept = [at for at, row in enumerate(sure) if any(row)]
    matches = _in_order(labels, [texts[at][0] for at in kept], [sure[at] for at in kept])
    _drop_ambiguous(labels, matches)
    _out_of_order(labels, texts, sure, matches)
    _by_likeness(labels, texts, matches, foreign)
    return matches


def _surely(label: FormLabel, keys: list[str]) -> Match | None:
    best: Match | None = None
    for key in keys:
        how = label.how(key)
        if how is not None and (best is None or how == EXACT):
            best = Match(0, key, how)
            if how == EXACT:
                break
    return best


def _in_order(labels: Sequence[FormLabel], places: list[int], sure: list[list[Match | None]]) -> dict[str, Match]:
    """The heaviest set of matches in which order on the sheet is order in the definition; ties go to earlier places."""
    rows, columns = len(places), len(labels)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            match = sure[row][column]
            taken = _WEIGHT[match.how] + best[row + 1][column + 1] if match is not None else -1.0
            best[row][column] = max(taken, best[row + 1][column], best[row][column + 1])
    matches: dict[str, Match] = {}
    row = column = 0
    while row < rows and column < columns:
        match = sure[row][column]
        if match is not None and best[row][column] == _WEIGHT[match.how] + best[row + 1][column + 1]:
            matches[labels[column].name] = Match(places[row], match.text, match.how)
            row, column = row + 1, column + 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            row += 1
    return matches


def _drop_ambiguous(labels: Sequence[FormLabel], matches: dict[str, Match]) -> None:
    """Of two labels printed alike (two 年决算数) one alone may be either, unless a label between them is there."""
    for first, label in enumerate(labels):
        for second in range(first + 1, len(labels)):
            later = labels[second]
            if (label.name in matches) == (later.name in matches):
                continue
            text = matches[label.name if label.name in matches else later.name].text
            if text not in label.keys or text not in later.keys:
                continue
            if not any(between.name in matches for between in labels[first + 1 : second]):
                matches.pop(label.name, None)
                matches.pop(later.name, None)


def _out_of_order(
    labels: Sequence[FormLabel],
    texts: list[tuple[int, list[str]]],
    sure: list[list[Match | None]],
    matches: dict[str, Match],
) -> None:
    used = {match.place for match in matches.values()}
    for column, label in enumerate(labels):
        if label.name in matches:
            continue
        free = [(place, sure[at][column]) for at, (place, _) in enumerate(texts) if place not in used]
        hits = [(place, match) for place, match in free if match is not None]
        exact = [hit for hit in hits if hit[1].how == EXACT] or hits
        if len(exact) == 1 and sum(exact[0][1].text in candidate.keys for candidate in labels) <= 1:
            place, match = exact[0]
            matches[label.name] = Match(place, match.text, match.how)
            used.add(place)


def _by_likeness(
    labels: Sequence[FormLabel], texts: list[tuple[int, list[str]]], matches: dict[str, Match], foreign: frozenset[str]
) -> None:
    """What is left over on both sides, between the same neighbours, where no other pairing comes near."""
    open_labels = [(number, label) for number, label in enumerate(labels) if label.name not in matches]
    if not open_labels:
        return
    used = {match.place for match in matches.values()}
    known_keys = foreign.union(*(label.keys for label in labels))
    free = [(place, key) for place, keys in texts if place not in used for key in keys if key not in known_keys]
    if not free:
        return
    table = {(label.name, hit): likeness(label, hit[1]) for _, label in open_labels for hit in free}
    for number, label in open_labels:
        low, high = _between(labels, number, matches)
        near = sorted(((table[label.name, hit], hit) for hit in free if low < hit[0] < high), reverse=True)
        if not near or near[0][0] < ENOUGH:
            continue
        value, hit = near[0]
        rivals = [table[rival.name, hit] for _, rival in open_labels if rival is not label]
        rivals += [score for score, (place, _) in near[1:] if place != hit[0]]
        if value - max(rivals, default=0.0) >= MARGIN and hit[0] not in used:
            matches[label.name] = Match(hit[0], hit[1], SIMILAR, value)
            used.add(hit[0])


def _between(labels: Sequence[FormLabel], number: int, matches: dict[str, Match]) -> tuple[float, float]:
    before = [matches[label.name].place for label in labels[:number] if label.name in matches]
    after = [matches[label.name].place for label in labels[number + 1 :] if label.name in matches]
    return (before[-1] if before else float("-inf")), (after[0] if after else float("inf"))
