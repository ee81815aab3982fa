"""The words of reports (`phrases.yaml`) as one pattern of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("phrases.yaml")

ITEM, ASPECT, SINCE, FIGURE, YEAR, DATE = "item", "aspect", "since", "figure", "year", "date"
RISE, FALL, SHARE, COMPLETION = "rise", "fall", "share", "completion"
SOME, ALL, NONE, GUARD, GRADE, BREAK = "some", "all", "none", "guard", "grade", "break"
AFTER_YEAR, OTHERS = "after_year", "others"

_NUMBER = r"[-−－]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−－]?\d+(?:\.\d+)?"
_GRADES = ("优秀", "良好", "中等", "较差", "优", "良", "中", "差")


@dataclass(frozen=True)
class Phrases:
    """The vocabulary. `words`: kind of token → printed word → what it means; `tokens`: a group per kind."""

    words: Mapping[str, Mapping[str, str]]
    of_projects: Mapping[str, str]
    of_units: Mapping[str, str]
    parts: Mapping[str, frozenset[str]]
    wholes: Mapping[str, tuple[str, ...]]
    money: frozenset[str]
    counted: Mapping[str, frozenset[str]]
    units: Mapping[str, int]
    institutions: tuple[str, ...]
    titles: Mapping[str, tuple[str, ...]]
    tokens: re.Pattern[str]
    filler: re.Pattern[str]
    subjects: re.Pattern[str]
    everybody: re.Pattern[str]
    other_satisfaction: tuple[str, ...]
    about: frozenset[str]
    bound: frozenset[str]


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The phrases that are installed."""
    read = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    of_projects, of_units = _turned(read["of_projects"]), _turned(read["of_units"])
    words: dict[str, dict[str, str]] = {
        ITEM: dict.fromkeys([*of_projects, *of_units], "") | _turned(read["items"]),
        ASPECT: _turned(read["aspects"]),
        RISE: _same(read["rises"]),
        FALL: _same(read["falls"]),
        COMPLETION: _same(read["completion"]),
        SHARE: _same(read["share"]),
        SOME: _same(read["some"]),
        ALL: _same(read["all"]),
        NONE: _same(read["none"]),
        GUARD: _same([*read["plans"], *read["spans"]]),
        OTHERS: _same(read["others"]),
    }
    return Phrases(
        words={kind: {_plain(word): meaning for word, meaning in given.items()} for kind, given in words.items()}
        | {SINCE: _turned(read["since"]), AFTER_YEAR: read["after_year"]},
        of_projects=of_projects,
        of_units=of_units,
        parts={whole: frozenset(parts) for whole, parts in read["parts"].items()},
        wholes={whole: tuple(parts) for whole, parts in read["wholes"].items()},
        money=frozenset(read["money"]),
        counted={item: frozenset(units) for item, units in read["opens_whole"].items()},
        units=read["units"],
        institutions=tuple(read["institutions"]),
        titles={kind: tuple(words) for kind, words in read["titles"].items()},
        tokens=_tokens(read, words),
        filler=re.compile(_any([*read["filler"], *'：:“”"　 ']), re.ASCII),
        subjects=re.compile(_any(read["subjects"])),
        everybody=re.compile(_any(read["everybody"])),
        other_satisfaction=tuple(read["other_satisfaction"]),
        about=frozenset([*read["about"], *read["about_after"]]),
        bound=frozenset([*read["bound"], *read["bound_after"]]),
    )


def _tokens(read: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> re.Pattern[str]:
    """One alternation without nested repetition, so that a sentence is taken apart in linear time."""
    before = _any([*read["about"], *read["bound"]])
    after = _any([*read["about_after"], *read["bound_after"]])
    units = _any([*read["units"], "个百分点", "百分点", "%", "分", *read["counts"]])
    behind_year = _any(read["after_year"])
    since = _any(word for names in read["since"].values() for word in names)
    groups = [
        (DATE, r"(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{1,2}(?:[-至—]\d{1,2})?月份?底?"),
        (SINCE, rf"(?:同比|[比较与](?P<from>{since}|(?:19|20)\d\d年度?)(?:决算数|决算|支出|数)?(?:相比|比)?)"),
        (YEAR, r"(?:19|20)\d\d年度?(?!来)"),
        (FIGURE, rf"(?P<before>{before})?(?:为)?(?<![\d.])(?P<number>{_NUMBER})\s?(?P<rough>余|多)?(?P<unit>{units})"
                 rf"(?P<after>{after})?"),
        (COMPLETION, _any(words[COMPLETION])),
        (ITEM, f"{_any(map(_plain, words[ITEM]))}|(?<=年)(?:{behind_year})|(?<=年度)(?:{behind_year})"),
        (NONE, rf"{_any(read['none'])}(?=[^，。；,;\d]{{0,4}}(?:{_any(map(_plain, read['items']['政府性基金']))}))"),
        *((kind, _any(map(_plain, words[kind]))) for kind in (GUARD, OTHERS, ASPECT, RISE, FALL, SHARE, SOME, ALL)),
        (GRADE, "|".join(_GRADES)),
        (BREAK, r"[，,、；;（）()]"),
    ]  # fmt: skip
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups), re.ASCII)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _plain(word: str) -> str:
    """A word as it stands in a folded sentence (`sentences.folded`)."""
    return word.replace("（", "(").replace("）", ")")


def _turned(given: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {_plain(word): meaning for meaning, words in given.items() for word in words}


def _same(given: Iterable[str]) -> dict[str, str]:
    return {word: word for word in given}
