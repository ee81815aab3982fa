"""A blank Excel form → a draft of its definition, with what its author has to decide marked # 待定."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from pathlib import PurePath
from typing import get_args

from pydantic import ValidationError
from ruamel.yaml import YAML

from gouji.ingest.drafting.answers import Answers
from gouji.ingest.drafting.desk import Desk
from gouji.ingest.drafting.entry import OPEN, Entry, Value, quoted, scalar, written
from gouji.ingest.drafting.fields import CAPTION
from gouji.ingest.drafting.lists import split_points
from gouji.ingest.drafting.paper import Paper, paper_of
from gouji.ingest.drafting.scores import DEFAULT_COLUMNS, NO_POINTS
from gouji.ingest.drafting.suggest import Suggestion, suggestions
from gouji.ingest.drafting.walk import blocks_of
from gouji.ingest.drafting.words import is_place_left, without_year
from gouji.ingest.grid import Sheet, Workbook
from gouji.templates.definition import Definition, MoneyUnit
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issuable import check_issuable
from gouji.templates.labels import squeezed
from gouji.templates.rules.nodes import Node
from gouji.templates.wording import validation_message

_GUIDES = re.compile(r"填报?说明|填表说明|目录|封面")
_UNIT = re.compile(r"单位[:(]?((?:百|千|万|亿|百万|千万)?元)|\(((?:百|千|万|亿)?元)\)")
_KNOWN_UNITS = f"定义里全表用一种：{'或'.join(get_args(MoneyUnit))}"
_LANDSCAPE = 110
_SHORT = 10
_NONE_YET = Answers()


class NothingToDraftError(Exception):
    """The workbook has no sheet to draft from. The message is Chinese and names what there is."""


@dataclass
class Draft:
    """What was found on one sheet of a blank form. `name`: the file's, which stands in for a missing title; `others`:
    sheets beside this one that may hold forms; `judged`: the suggested checks as filled returns have them."""

    name: str
    sheet: str
    others: list[str]
    paper: Paper
    desk: Desk
    blocks: list[Entry]
    judged: list[Suggestion] | None = None

    @property
    def form(self) -> str:
        """The name of the form, by its title."""
        title = next((block.text("title") for block in self.blocks if "title" in block.values), "")
        return re.sub(r'[\\/:*?"<>|@\s]', "", without_year(title)) or PurePath(self.name).stem or "待定"

    @property
    def short(self) -> str:
        """What the form may be called for short."""
        spoken = re.sub(r"[(（].*|\d+$", "", self.sheet)
        return spoken if 1 < len(spoken) <= _SHORT and not re.match(r"(?i)sheet|表\d*$", spoken) else self.form

    @property
    def edition(self) -> str:
        """What the edition may be called."""
        return "某县-年度" if self.desk.year is None else f"某县-{self.desk.year}"

    @property
    def suggestions(self) -> list[Suggestion]:
        """Checks that the labels suggest and that load, or what became of them."""
        if self.judged is not None:
            return self.judged
        return [suggestion for suggestion in suggestions(self.blocks) if self.fits([suggestion])]

    def fits(self, suggested: Sequence[Suggestion]) -> bool:
        """Whether the draft loads with these checks."""
        return _loads_with(_parsed(self.body()), suggested)

    def said_by(self, suggested: Sequence[Suggestion]) -> list[Node]:
        """What checks that fit say, case by case. Raises DefinitionError where they do not."""
        raw = {**_parsed(self.body()), "checks": _entries(suggested)}
        return [rule.node for rule in _form(raw).rules]

    def trial(self, suggested: Sequence[Suggestion]) -> str:
        """The YAML text with these checks asked and none of them computed: to be tried on filled returns."""
        asked = [replace(suggestion, fills=False) for suggestion in suggested]
        lines = ["checks:", *_suggested(asked, 1)] if asked else []
        return "\n".join([*self.body(), *lines]) + "\n"

    @property
    def total_rows(self) -> list[Entry]:
        """Rows that are sums of further rows: what a form usually demands."""
        totals = {
            suggestion.rule.partition(" ")[0].partition(".")[0]
            for suggestion in suggestions(self.blocks)
            if suggestion.sure
        }
        return [row for block in self.blocks for row in block.entries("rows") if row.text("id") in totals]

    @property
    def open_indicators(self) -> list[Entry]:
        """Indicators whose points are not printed."""
        every = [indicator for block in self.blocks for indicator in block.entries("indicators")]
        return [indicator for indicator in every if NO_POINTS in indicator.remarks]

    def text(self, answers: Answers = _NONE_YET) -> str:
        """The YAML text of the definition, with what the answers leave open marked."""
        lines = [
            f"# 由空白表{quoted(self.name)}的工作表{quoted(self.sheet)}生成的草稿。",
            "# 凡注“待定”的地方请逐条确认，确认后删去注释；各键的含义见 docs/forms.md。",
        ]
        if self.others:
            lines.append(
                f"{OPEN}文件中另有工作表{'、'.join(map(quoted, self.others))}，各需一份定义（--sheet 工作表名）"
            )
        year = self.desk.year
        if year is not None:
            lines.append(f"# 表上的 {year} 年写作 {{年}}，{year - 1} 年写作 {{上年}}。")
        body = self.body(answers)
        lines += [f"{OPEN}表上还印有{quoted(text)}，没有写进草稿" for text in self._left_out(body)]
        raw = _parsed(body)
        problem = _problem(raw)
        if problem is not None:
            lines.append(f"{OPEN}草稿还不能直接使用：{problem}")
        doubt = "只是按标签猜的" if self.judged is None else "没有把握，或者在填好的表里不都成立"
        return "\n".join([*lines, *body, *_checks(raw, self.suggestions, answers, doubt)]) + "\n"

    def stands_in(self, text: str) -> bool:
        """Whether printed words stand anywhere in the draft."""
        return _is_taken_up(_comparable(self.desk.label(text)), self._open_words)

    @cached_property
    def _open_words(self) -> str:
        """Those of the draft before anything is answered."""
        return self._words(self.body())

    def _left_out(self, body: Sequence[str]) -> list[str]:
        """Printed words that stand nowhere in the draft: nothing is dropped without a word."""
        words = self._words(body)
        printed = dict.fromkeys(cell.text for cell in self.paper.cells if cell.is_words)
        return [text for text in printed if not _is_taken_up(_comparable(self.desk.label(text)), words)]

    def _words(self, body: Sequence[str]) -> str:
        """Those of the draft, and the heads that a 评分表 has where it names none."""
        usual = any("scores" in block.values and "columns" not in block.values for block in self.blocks)
        return _comparable("".join([*body, *(DEFAULT_COLUMNS if usual else ())]))

    def body(self, answers: Answers = _NONE_YET) -> list[str]:
        """The lines of the definition, but for its checks."""
        return [*_head(self, answers), "blocks:", *_spaced(_answered(self.blocks, answers))]


def form_of(draft: Draft) -> Form | None:
    """The form that the draft defines so far, without checks; None where it cannot be used yet."""
    raw = _parsed(draft.body())
    return _form(raw) if _problem(raw) is None else None


def draft_of(workbook: Workbook, name: str, sheet: str | None = None) -> Draft:
    """The draft of one sheet of a blank form: `sheet`, else the first that holds a form. Raises NothingToDraftError."""
    chosen, further_sheets = _chosen(workbook, sheet)
    paper = paper_of(chosen)
    blocks, desk = blocks_of(paper)
    return Draft(name, chosen.name, further_sheets, paper, desk, blocks)


def _parsed(body: Sequence[str]) -> dict[str, object]:
    loaded: dict[str, object] = YAML(typ="safe", pure=True).load(StringIO("\n".join(body)))
    return loaded


def _answered(blocks: Sequence[Entry], answers: Answers) -> list[Entry]:
    """The blocks with what the author has decided about their rows and indicators."""
    decided = copy.deepcopy(list(blocks))
    for block in decided:
        for row in block.entries("rows"):
            if row.text("id") in answers.required:
                row.values["required"] = True
        for indicator in block.entries("indicators"):
            if (points := answers.points.get(indicator.text("id"))) is not None:
                indicator.values["points"] = points
                indicator.remarks = [remark for remark in indicator.remarks if remark != NO_POINTS]
    return decided


def _is_taken_up(words: str, draft_words: str) -> bool:
    """Whether the words stand there, or those around the points or the boxes that are taken out of them."""
    name, _ = split_points(words)
    if words in draft_words or _comparable(name) in draft_words or is_place_left(words) or CAPTION.fullmatch(words):
        return True
    parts = [part for part in re.split(r"[:_□☐☑■○]+", words) if part]
    return len(parts) > 1 and all(part in draft_words for part in parts)


def _comparable(text: str) -> str:
    return re.sub(r'[\\"\s]|\\n', "", squeezed(text.replace("\\n", "")))


def open_points(text: str) -> int:
    """How many decisions a draft leaves to its author."""
    return text.count(OPEN)


def _chosen(workbook: Workbook, name: str | None) -> tuple[Sheet, list[str]]:
    sheets = [sheet for sheet in workbook.sheets if not sheet.hidden and sheet.name != IDENTITY_SHEET and sheet.rows]
    if name is not None:
        named = [sheet for sheet in sheets if sheet.name == name]
        if not named:
            raise NothingToDraftError(f"没有“{name}”这个工作表，可选：{'、'.join(sheet.name for sheet in sheets)}")
        return named[0], []
    forms = [sheet for sheet in sheets if not _GUIDES.search(sheet.name)] or sheets
    if not forms:
        raise NothingToDraftError("文件里没有可以起草的工作表：没有内容，或者都已隐藏。")
    return forms[0], [sheet.name for sheet in forms[1:]]


def _head(draft: Draft, answers: Answers) -> list[str]:
    roles = [field.values.get("role") for block in draft.blocks for field in block.entries("fields")]
    widths: list[Value] = list(draft.desk.paper.widths) or [10]
    lines = [
        f"form: {scalar(draft.form)}",
        _decided("edition", answers.edition, draft.edition, "版本，写作 地区-年度；文件放在 表样/表名/版本.yaml"),
        _decided("short", answers.short, draft.short, "简称，用作工作表名"),
        _decided("basis", answers.basis, "待定", "依据，哪一份文件的哪个附件"),
        *_money_unit(draft.desk),
    ]
    if "instance" in roles:
        lines.append("per: project")
    if "unit" not in roles:
        lines.append(f"{OPEN}没有认出填报单位一栏；有的话请在那一栏写 role: unit")
    orientation = "landscape" if sum(draft.desk.paper.widths) > _LANDSCAPE else "portrait"
    return [*lines, f"page: {scalar({'orientation': orientation, 'widths': widths})}"]


def _decided(key: str, answer: str | None, guess: str, question: str) -> str:
    return f"{key}: {scalar(guess)}  {OPEN}{question}" if answer is None else f"{key}: {scalar(answer)}"


def _money_unit(desk: Desk) -> list[str]:
    """The unit that the paper counts in; 万元 with a remark where definitions do not know it or there are several."""
    matches = (_UNIT.search(squeezed(cell.text)) for cell in desk.paper.cells)
    printed = list(dict.fromkeys(match[1] or match[2] for match in matches if match is not None))
    if len(printed) == 1 and printed[0] in get_args(MoneyUnit):
        return [f"money_unit: {printed[0]}"]
    further = "、".join(unit for unit in printed if unit != "万元")
    return [
        "money_unit: 万元",
        *([f"{OPEN}表上的金额单位有“{further}”，{_KNOWN_UNITS}；请改印一种，并通知填报单位"] if further else []),
    ]


def _spaced(blocks: Sequence[Entry]) -> list[str]:
    """Blocks with a blank line between tables, as they are read."""
    lines: list[str] = []
    for block in blocks:
        if block.values.keys() & {"grid", "pairs", "list", "scores"} and lines:
            lines.append("")
        lines += written([block], 2)
    return lines or ["  []"]


def _checks(raw: dict[str, object], suggested: Sequence[Suggestion], answers: Answers, doubt: str) -> list[str]:
    """Suggested checks with their reasons: the sure and the accepted ones are used, open ones are commented out.

    A rejected check is left out. Where the used checks do not load together, none is used.
    """
    kept = [suggestion for suggestion in suggested if answers.checks.get(suggestion.rule, True)]
    used = [suggestion for suggestion in kept if answers.checks.get(suggestion.rule, suggestion.sure)]
    open_checks = [suggestion for suggestion in kept if suggestion not in used]
    if not _loads_with(raw, used):
        used, open_checks = [], kept
    lines = ["", "checks:", *_suggested(used, 1)] if used else []
    if open_checks:
        where = "并入 checks" if used else "启用"
        lines += ["", f"{OPEN}以下核对{doubt}，看过后去掉行首的“# ”{where}"]
        lines += [f"# {line}" for line in (*([] if used else ["checks:"]), *_suggested(open_checks, len(used) + 1))]
    return lines or ["", f"{OPEN}核对（checks），写法见 docs/forms.md"]


def _suggested(checks: Sequence[Suggestion], first: int) -> Iterator[str]:
    for number, suggestion in enumerate(checks, first):
        yield f"  # {suggestion.reason}"
        yield from written([suggestion.entry(number)], 2)


def _loads_with(raw: dict[str, object], checks: Sequence[Suggestion]) -> bool:
    return _problem({**raw, "checks": _entries(checks)}) is None


def _entries(checks: Sequence[Suggestion]) -> list[dict[str, Value]]:
    return [dict(suggestion.entry(number).values) for number, suggestion in enumerate(checks, 1)]


def _problem(raw: dict[str, object]) -> str | None:
    """Why the definition would not load."""
    try:
        check_issuable(_form(raw))
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}：{validation_message(first)}"
    except DefinitionError as error:
        return f"{error.key}：{error.message}"
    return None


def _form(raw: dict[str, object]) -> Form:
    return Form(Definition.model_validate(raw), source="草稿", uses=_no_other_form)


def _no_other_form(key: str) -> Form:
    raise FormNotFoundError(f"没有“{key}”", [])
