"""The words of reports (`phrases.yaml`) as one pattern of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gouji.templates.parsed import parsed

FILE = Path(__file__).with_name("phrases.yaml")

ITEM, ASPECT, SINCE, FIGURE, YEAR, DATE = "item", "aspect", "since", "figure", "year", "date"
RISE, FALL, SHARE, COMPLETION = "rise", "fall", "share", "completion"
SOME, ALL, NONE, GUARD, GRADE, BREAK = "some", "all", "none", "guard", "grade", "break"
OF_POSTS = re.compile(r"(?:行政|事业|参公|工勤|政法|专项)$")
"""Before 编制: that they are of one kind only."""
AFTER_YEAR, OTHERS = "after_year", "others"

_NUMBER = r"[-−－]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−－]?\d+(?:\.\d+)?"
_CHANGED = r"(?:支出|开支|收入|[支用花收出了]){0,2}(?=\d)"
"""Behind a word for more or less, what was done with the money: 少支出2万元."""
_GRADES = ("优秀", "良好", "中等", "较差", "优", "良", "中", "差")


@dataclass(frozen=True)
class Phrases:
    """The vocabulary. `words`: kind of token → printed word → what it means; `grammar`: of `tokens`."""

    words: Mapping[str, Mapping[str, str]]
    of_projects: Mapping[str, str]
    of_units: Mapping[str, str]
    parts: Mapping[str, frozenset[str]]
    wholes: Mapping[str, tuple[str, ...]]
    also_wholes: Mapping[str, tuple[str, ...]]
    only_as_parts: Mapping[str, str]
    weak: frozenset[str]
    not_beside: Mapping[str, tuple[str, ...]]
    never_more: Mapping[str, tuple[str, ...]]
    divisions: tuple[tuple[str, ...], ...]
    balanced: Mapping[str, str]
    planned_or_spent: Mapping[str, tuple[str, str]]
    money: frozenset[str]
    counted: Mapping[str, frozenset[str]]
    units: Mapping[str, int]
    institutions: tuple[str, ...]
    titles: Mapping[str, tuple[str, ...]]
    grammar: str
    an_aspect: re.Pattern[str]
    filler: re.Pattern[str]
    neutral: re.Pattern[str]
    everybody: re.Pattern[str]
    other_satisfaction: tuple[str, ...]
    numbering: re.Pattern[str]
    name_endings: re.Pattern[str]
    short_names: Mapping[str, str]
    finished: re.Pattern[str]
    of_money: re.Pattern[str]
    carried_out: re.Pattern[str]
    not_carried_out: re.Pattern[str]
    begun: re.Pattern[str]
    ended: re.Pattern[str]
    from_to: re.Pattern[str]
    of_time: re.Pattern[str]
    partly: re.Pattern[str]
    planned: re.Pattern[str]
    lead_ins: re.Pattern[str]
    meanwhile: re.Pattern[str]
    done: Mapping[str, re.Pattern[str]]
    not_done: Mapping[str, re.Pattern[str]]
    about: frozenset[str]
    bound: frozenset[str]
    measure_words: tuple[str, ...]

    @cached_property
    def tokens(self) -> re.Pattern[str]:
        """A group per kind; compiled where a sentence is taken apart, for that takes longer than all the rest."""
        return re.compile(self.grammar, re.ASCII)

    @property
    def all_parts(self) -> list[tuple[str, tuple[str, ...]]]:
        """Wholes with their parts, a whole once for each way to divide it."""
        return [*self.wholes.items(), *self.also_wholes.items()]

    def aspect_of(self, name: str) -> str:
        """Whether a name (年初预算, 本年决算数) is of what was planned, `预算`, or spent, `支出`; else blank."""
        found = self.of_money.search(name)
        return "" if found is None else self.words[ASPECT].get(found.group("word"), "支出")


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The phrases that are installed."""
    read = parsed(FILE, FILE.read_text(encoding="utf-8"), YAML(typ="safe", pure=True).load)
    of_projects, of_units = _turned(read["of_projects"]), _turned(read["of_units"])
    words: dict[str, dict[str, str]] = {
        ITEM: dict.fromkeys([*of_projects, *of_units], "")
        | _turned(read["items"])
        | _combined(read["combined"])
        | read["weak"]
        | read["before_figure"],
        ASPECT: _turned(read["aspects"]) | read["before_aspect"],
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
        also_wholes={whole: tuple(parts) for whole, parts in read["also_wholes"].items()},
        only_as_parts=read["only_as_parts"],
        weak=frozenset([*read["weak"], *read["before_figure"]]),
        not_beside={word: tuple(others) for word, others in read["not_beside"].items()},
        never_more={whole: tuple(parts) for whole, parts in read["never_more"].items()},
        balanced=read["balanced"],
        divisions=tuple(tuple(words) for words in read["divisions"]),
        planned_or_spent={item: (bounds["part"], bounds["whole"]) for item, bounds in read["planned_or_spent"].items()},
        money=frozenset(read["money"]),
        counted={item: frozenset(units) for item, units in read["opens_whole"].items()},
        units=read["units"],
        institutions=tuple(read["institutions"]),
        titles={kind: tuple(words) for kind, words in read["titles"].items()},
        grammar=_grammar(read, words),
        an_aspect=re.compile(_any(map(_plain, words[ASPECT]))),
        filler=re.compile(_any([*read["filler"], *'：:“”"　 ']), re.ASCII),
        neutral=re.compile(_any([*read["subjects"], *read["filler"], *'：:“”"　 ']), re.ASCII),
        everybody=re.compile(_any(read["everybody"])),
        other_satisfaction=tuple(read["other_satisfaction"]),
        numbering=re.compile(
            r"^(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]、)+", re.ASCII
        ),
        name_endings=re.compile(f"(?:{_any(read['name_endings'])})+$"),
        short_names=read["short_names"],
        finished=re.compile(f"(?:{_any(read['finished'])})$"),
        of_money=re.compile(
            f"(?P<word>{_any([*read['aspects']['预算'], *read['aspects']['支出'], '执行', '使用'])})数?$"
        ),
        carried_out=re.compile(_any(read["carried_out"])),
        not_carried_out=re.compile(_any(read["not_carried_out"])),
        begun=re.compile(rf"{_date()}[^，,；;\d]{{0,12}}?(?:{_any(read['begun'])})", re.ASCII),
        ended=re.compile(rf"{_date()}[^；;\d]{{0,30}}?(?:{_any(read['ended'])})", re.ASCII),
        from_to=re.compile(rf"{_date('1')}起?(?:至|到|[-—~－]+){_date('2')}", re.ASCII),
        of_time=re.compile(_any(read["of_time"])),
        planned=re.compile(_any(read["plans"])),
        lead_ins=re.compile(f"(?:{_any([*read['lead_ins'], *read['subjects'], *read['filler']])}|[，：:、 ])*"),
        partly=re.compile(_any(read["partly"])),
        meanwhile=re.compile(
            rf"{_date()}|(?:20\d\d年)?\d{{1,2}}月份?(?:底|初|中旬|上旬|下旬)?|20\d\d年|{_any(read['meanwhile'])}"
            r"|完成[^，]{1,8}[并和、]",
            re.ASCII,
        ),
        done={state: re.compile(_any(words["done"])) for state, words in read["states"].items()},
        not_done={state: re.compile(_any(words["not_done"])) for state, words in read["states"].items()},
        about=frozenset([*read["about"], *read["about_after"]]),
        bound=frozenset([*read["bound"], *read["bound_after"]]),
        measure_words=tuple(read["measure_words"]),
    )


def _grammar(read: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> str:
    """One alternation without nested repetition, so that a sentence is taken apart in linear time."""
    before = _any([*read["about"], *read["bound"]])
    behind = _any([*read["about_after"], *read["bound_after"]])
    after = rf"(?:[(]不?含[)])?(?:{behind})(?!\d|[支开]出?)"  # 300万元多20万元, 多支出20万元 are changes
    units = _any([*read["units"], "个百分点", "百分点", "%", "分", *read["counts"]])
    behind_year = _any(read["after_year"])
    since = _any(word for names in read["since"].values() for word in names)
    groups = [
        (DATE, r"(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{1,2}(?:[-至—]\d{1,2})?月份?底?"),
        (SINCE, rf"(?:同比|相?[比较与](?P<from>{since}|(?:19|20)\d\d年度?)(?:决算数|决算|支出|数)?(?:相比|比)?)"),
        (YEAR, r"(?:(?:19|20)\d\d(?:年度?)?[-—－~～至到]{1,2})?(?:19|20)\d\d年度?(?!来)"),
        (FIGURE, rf"(?P<before>(?<!彩)(?:{before}))?(?:为)?(?<![\d.])"
                 r"(?P<scored>(?<=[得总]分)|(?<=[得总]分[为是:：达]))?"
                 rf"(?P<number>{_NUMBER})(?:\s?(?P<rough>余|多)?(?P<unit>{units})(?P<after>{after})?"
                 rf"|(?=(?:、(?:{_NUMBER})){{0,6}}(?:、|和|及)(?:{_NUMBER})(?P<later>{_any(read['units'])}))"
                 r"|(?(scored)(?![\d.,%万亿元])|(?!)))"),
        (COMPLETION, _any(words[COMPLETION]) + rf"|(?:{_any(read['of_plan'])})(?=[^，。；%]{{0,16}}%)"),
        (ITEM, f"{_any(_plain(word) for word in words[ITEM] if word not in read['before_figure'])}|"
               rf"(?:{_any(read['before_figure'])})(?=[得为是]?\d)|"
               f"(?<=年)(?:{behind_year})|(?<=年度)(?:{behind_year})|"
               r"(?<=收入[、和与及])支出(?=(?:决算|总额|总计|合计)?数?(?:分别|依次|各))"),
        (NONE, rf"{_any(read['none'])}(?=[^，。；,;\d]{{0,4}}(?:{_any(map(_plain, read['items']['政府性基金']))}))"),
        *((kind, _any(map(_plain, words[kind]))) for kind in (GUARD, OTHERS, SHARE)),
        (SOME, _any(words[SOME]) + r"|(?<![不包])含(?=[^，。；\d]{1,12}\d)"),
        (ALL, _any(words[ALL]) + r"|由[^，。；,;\d]{0,20}?(?:构成|组成)"
              r"|由(?=[^，。；\d]{1,12}\d[^。；]{1,120}?[两二三四五六](?:个?部分|项|块)(?:构成|组成))"),
        (ASPECT, _any(_plain(word) for word in words[ASPECT] if word not in read["before_aspect"])
                 + rf"|(?:{_any(read['before_aspect'])})(?=为?\d)"),
        (RISE, _any(words[RISE]) + rf"|[多增]{_CHANGED}"),
        (FALL, _any(words[FALL]) + rf"|[少减节省]{_CHANGED}"),
        (GRADE, f"(?:{'|'.join(_GRADES)})(?![\u4e00-\u9fff])|(?:{'|'.join(_GRADES)})(?=[等级档])"),
        (BREAK, r"[，,、；;（）()]"),
    ]  # fmt: skip
    begins = {word[0] for kind in words.values() for word in map(_plain, kind) if word}
    begins |= {word[0] for name in ("about", "bound", "none", "after_year", "of_plan") for word in read[name]}
    begins |= set("为同相比较与0123456789-−－，,、；;（）()优良中差较多增少减节省含由")
    start = re.escape("".join(sorted(begins)))
    return f"(?=[{start}])(?:{'|'.join(f'(?P<{name}>{pattern})' for name, pattern in groups)})"


def _date(number: str = "") -> str:
    """A day, its year where that is written."""
    return (
        rf"(?P<date{number}>(?:(?P<year{number}>20\d\d)年)?(?P<month{number}>\d{{1,2}})月(?P<day{number}>\d{{1,2}})日)"
    )


def _any(words: Iterable[str]) -> str:
    """A pattern of the longest of the words that stands at a place. What several begin with is looked at once."""
    rests: dict[str, set[str]] = {}
    for word in set(words) - {""}:
        rests.setdefault(word[0], set()).add(word[1:])
    branches = []
    for first, ends in sorted(rests.items()):
        further = _any(ends)
        optional = "?" if "" in ends else ""
        branches.append(re.escape(first) + (f"(?:{further}){optional}" if further else ""))
    return "|".join(branches)


def _plain(word: str) -> str:
    """A word as it stands in a folded sentence (`sentences.folded`)."""
    return word.replace("（", "(").replace("）", ")")


def _turned(given: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {_plain(word): meaning for meaning, words in given.items() for word in words}


def _combined(given: Mapping[str, Iterable[Iterable[str]]]) -> dict[str, str]:
    return {_plain("".join(words)): meaning for meaning, parts in given.items() for words in product(*parts)}


def _same(given: Iterable[str]) -> dict[str, str]:
    return {word: word for word in given}
