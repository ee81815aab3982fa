"""What the bureau's own files among the returned ones are: results of a run, lists that were sent back, rosters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gouji.ingest.grid import Sheet, Workbook
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET, read_identity
from gouji.templates.labels import squeezed
from gouji.templates.published import LEFT_SHEET
from gouji.templates.published import SHEET as PUBLISHED_SHEET
from gouji.templates.returned import HEADS, ISSUES_SHEET
from gouji.templates.review import FILES_SHEET, FINDINGS_SHEET, PAPER_SHEETS
from gouji.templates.sampling import COMPARED_SHEET, FACTS_SHEET, RATES_SHEET, SAMPLE_SHEET

_WITHIN = 12
"""Rows in which the heads of a sheet are looked for."""
_LISTED = set(HEADS[:9])
_ROSTER = {"单位编码", "单位名称"}
_OF_ROSTERS = {"应报表", "曾用名称或编码", "归口股室", "变动", "截止日期"}
"""Heads that no form asks a unit for."""
BUREAU = "bureau"
"""Whose a form is that the bureau fills for all units together (`per`)."""
_LONGEST = 60
"""Signs of a head that are looked at."""
_REMARK = re.compile(r"[(\[【].*?[)\]】]|[*★:]")
_FILES = re.compile(
    r"(?:(?:审核报告|公开版).*\.html?|(?:findings|问题清单)\.csv|run\.json|审核记录\.jsonl|表样对照\.ya?ml|.*\.parquet|[^/]*名册[^/]*\.csv"
    r"|勾稽\.toml|收到登记\.jsonl|定稿登记\.csv|[^/]*_(?:审核反馈意见|催报通知)(?:\s*\(\d+\)|\s*-\s*副本)?\.docx)",
    re.IGNORECASE,
)


def own_output(workbook: Workbook, forms: Sequence[Form], catalogue: Catalogue) -> str:
    """Which of the bureau's own files a workbook is; empty for any other, and for one of the `forms` looked for."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    if not any(form.definition.per == BUREAU for form in forms) and (name := _of_bureau(sheets, catalogue)):
        return name
    if IDENTITY_SHEET in sheets:
        return ""
    if FILES_SHEET in sheets and any(name.startswith(FINDINGS_SHEET) for name in sheets):
        return "审核结果汇总表"
    if set(PAPER_SHEETS) <= sheets.keys():
        return "审核工作底稿"
    if {PUBLISHED_SHEET, LEFT_SHEET} <= sheets.keys():
        return "决算取数"
    if {SAMPLE_SHEET, FACTS_SHEET} <= sheets.keys() or {RATES_SHEET, COMPARED_SHEET} <= sheets.keys():
        return "抽查复核表"
    if list(sheets) == [ISSUES_SHEET] and _has(sheets[ISSUES_SHEET], _LISTED):
        return "退回单位的问题清单"
    if any(_is_roster(sheet) for sheet in workbook.sheets):
        return "单位名册"
    return ""


def _of_bureau(sheets: Mapping[str, Sheet], catalogue: Catalogue) -> str:
    """The form that the bureau fills for all units: its title stands above its heads, and no identity says otherwise.

    An identity alone says nothing: it may have been put into a unit's own return.
    """
    names = {form.name for form in catalogue.forms if form.definition.per == BUREAU}
    if IDENTITY_SHEET in sheets:
        identity = read_identity(sheets[IDENTITY_SHEET].rows)
        names &= {sheet.form for sheet in identity.sheets} if identity is not None else set()
    titled = (
        name for sheet in sheets.values() for name in names if any({name} <= heads for heads in _heads(sheet))
        if any({"单位名称", "单位编码"} <= heads for heads in _heads(sheet))
    )  # fmt: skip
    return next(titled, "")


def own_output_named(file: str) -> str:
    """The same of a file that is no workbook, by its name."""
    name = file.rpartition("/")[2]
    return name if _FILES.fullmatch(name) else ""


def _is_roster(sheet: Sheet) -> bool:
    return any(heads >= _ROSTER and heads & _OF_ROSTERS for heads in _heads(sheet))


def _has(sheet: Sheet, heads_wanted: set[str]) -> bool:
    return any(heads >= heads_wanted for heads in _heads(sheet))


def _heads(sheet: Sheet) -> Sequence[set[str]]:
    return [{_REMARK.sub("", squeezed(str(cell)[:_LONGEST])) for cell in row if cell} for row in sheet.rows[:_WITHIN]]
