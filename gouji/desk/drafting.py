"""The draft of an uploaded blank: its sheet drawn with the meaning of each cell, and the open questions."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gouji.desk.drawing import Drawn, drawn, with_formulas
from gouji.desk.looking import Desk
from gouji.ingest.admit import read_bytes
from gouji.ingest.drafting.answers import Answers
from gouji.ingest.drafting.draft import Draft, draft_of
from gouji.ingest.drafting.entry import OPEN, Entry
from gouji.ingest.drafting.suggest import Suggestion
from gouji.ingest.drafting.taken import Taken, taken
from gouji.ingest.limits import Limits
from gouji.ingest.read import read_workbook
from gouji.round.errors import RoundError
from gouji.round.folder import OWN_FORMS, Round
from gouji.templates.addresses import cell_name
from gouji.templates.exact import figure
from gouji.templates.labels import one_line
from gouji.workers.handed_over import handed_over

BLANKS = "空白表"
"""Below 表样: blanks that were put in at the desk. No definition stands there: its files have other suffixes."""
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb", ".docx", ".doc", ".wps", ".rtf")
_NAMES = re.compile(r"[^\s.()+\-*/=≤≥<>×÷，]+")


@dataclass(frozen=True)
class Drafted:
    """A sheet of a blank as it was drafted. `cells`: drawn cell → its meaning; `suggested`: checks that count only if
    the author enables them; `totals`: ids of rows that sum other rows; `text`: the draft before any answer; `open`:
    what it leaves to its author beyond edition, 依据 and 简称. Everything is computed by the worker.
    """

    draft: Draft
    drawn: Drawn
    cells: Mapping[str, Taken]
    suggested: list[Suggestion]
    totals: list[str]
    text: str
    open: list[str]

    @property
    def rows(self) -> list[Entry]:
        """Rows that may have to be filled in."""
        every = [row for block in self.draft.blocks for row in block.entries("rows")]
        return [row for row in every if "id" in row.values]

    @property
    def asked(self) -> dict[str, list[tuple[str, str]]]:
        """Row or indicator → the questions about it: (field of the page, question in words)."""
        questions: dict[str, list[tuple[str, str]]] = {}
        for number, row in enumerate(self.rows):
            questions.setdefault(row.text("id"), []).append((f"required-{number}", "这一行必填（打勾、取消）"))
        for number, indicator in enumerate(self.draft.open_indicators):
            questions.setdefault(indicator.text("id"), []).append((f"points-{number}", "写它的分值"))
        for number, suggestion in enumerate(self.suggested):
            for name in set(_NAMES.findall(suggestion.rule)) & questions.keys():
                questions[name].append((f"check-{number}", f"启用核对 {suggestion.rule}"))
        return questions


def open_remarks(text: str) -> list[str]:
    """The remarks marked 待定 in a draft, each once."""
    lines = (line.partition(OPEN)[2].strip() for line in text.splitlines())
    return [line for line in dict.fromkeys(lines) if line]


class AnswerError(Exception):
    """An answer that cannot be taken. The message is Chinese."""


def blanks_folder(round_: Round) -> Path:
    """The folder of blanks. Raises RoundError where it is a link to another place."""
    folder = round_.folder / OWN_FORMS / BLANKS
    if not folder.resolve().is_relative_to(round_.folder):
        raise RoundError(f"这一轮的“{OWN_FORMS}/{BLANKS}”是链接到别处的文件夹，桌面不往那里写。请在命令行里做。")
    return folder


def blanks(round_: Round) -> dict[str, Path]:
    """Name → file of every uploaded blank."""
    folder = blanks_folder(round_)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    kept = (path for path in files if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")))
    return {path.name: path for path in kept if path.is_file() and not path.is_symlink()}


def drafted(desk: Desk, path: Path, sheet: str | None, limits: Limits) -> Drafted:
    """The draft of a blank, made by the desk's worker. Raises what `draft_of`, reading and `handed_over` raise."""
    stat = os.stat(path)
    key = ("draft", str(path), stat.st_mtime_ns, stat.st_size, sheet)
    return desk.kept(key, lambda: handed_over(desk.workers, partial(_drafted, sheet=sheet, limits=limits), path))


def _drafted(path: Path, sheet: str | None, limits: Limits) -> Drafted:
    workbook = read_workbook(read_bytes(path, limits), path.name, limits)
    draft = draft_of(workbook, path.name, sheet)
    paper = next(candidate for candidate in workbook.sheets if candidate.name == draft.sheet)
    meanings = taken(draft, paper)
    sheet_drawn = with_formulas(drawn(paper, {place: meanings[place].kind for place in sorted(meanings)}), "公式")
    drawn_addresses = {cell.address for row in sheet_drawn.rows for cell in row.cells}
    cells = {cell_name(*place): meaning for place, meaning in sorted(meanings.items())}
    return Drafted(
        draft, sheet_drawn, {address: meaning for address, meaning in cells.items() if address in drawn_addresses},
        [suggestion for suggestion in draft.suggestions if not suggestion.sure],
        [row.text("id") for row in draft.total_rows], draft.text(),
        open_remarks(draft.text(Answers("-", "-", "-"))),
    )  # fmt: skip


def answers_of(sheet: Drafted, fields: Mapping[str, str], required: set[str]) -> Answers:
    """The answers of the page. `fields`: field (edition, basis, short, points-0 …, check-0 …) → text; `required`: ids
    of rows. As in `gouji forms new`, a question without an answer stays open. Raises AnswerError."""
    if not fields.get("edition"):
        raise AnswerError("没有写版本，没有写出。请写 地区-年度，如 某县-2026。")
    points = {}
    for number, indicator in enumerate(sheet.draft.open_indicators):
        answer = fields.get(f"points-{number}", "")
        value = figure(answer.removesuffix("分")) if answer else None
        if answer and (value is None or value < 0):
            raise AnswerError(
                f"“{one_line(indicator.printed)}”的分值“{answer}”不是一个数，没有写出。请写如 8 或 2.5，不知道的空着。"
            )
        if value is not None:
            points[indicator.text("id")] = value
    return Answers(
        edition=fields["edition"],
        basis=fields.get("basis") or None,
        short=fields.get("short") or sheet.draft.short,
        required=frozenset(required & {row.text("id") for row in sheet.rows}),
        points=points,
        checks={
            suggestion.rule: fields.get(f"check-{number}") == "1" for number, suggestion in enumerate(sheet.suggested)
        },
    )
