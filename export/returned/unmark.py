"""A copy that came back, as it was before it was marked: the sheets of ours, our comments and our colours are gone."""

from __future__ import annotations

from python_calamine import CalamineError, CalamineWorkbook

from gouji.export.returned.comments import remove_comments
from gouji.export.returned.package import CannotMark, Package
from gouji.export.returned.styles import Styles
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import Limits
from gouji.templates.returned import ISSUES_SHEET, RECORD_ROWS, RECORD_SHEET, Record, is_issues, read_record


def unmarked(data: bytes | Archive, limits: Limits | None = None) -> bytes | None:
    """The workbook without our marks; None where it has none. Raises CannotMark."""
    package = Package(data, limits)
    if not may_be_marked(package):
        return None
    if unmark(package, Styles(package)) is None:
        return None
    package.show_first()
    return package.to_bytes()


def may_be_marked(package: Package) -> bool:
    """Whether there is a sheet that may be one of ours."""
    return any(_may_be_ours(sheet.name) for sheet in package.sheets())


def unmark(package: Package, styles: Styles) -> Record | None:
    """Take the marks of an earlier round out. Returns what the package said of itself."""
    names = [sheet.name for sheet in package.sheets() if sheet.has_cells]
    record = None
    if any(_may_be_ours(name) for name in names):
        rows = _rows(package.archive.data, names)
        record = read_record(rows.get(RECORD_SHEET, []))
        for name, beginning in rows.items():
            named = record is not None and record.issues == name
            if name == RECORD_SHEET or is_issues(beginning, named=named) is not None:
                package.drop_sheet(name)
    for sheet in package.sheets():
        remove_comments(package, sheet.part)
    if record is not None:
        styles.restore(record.fills)
    return record


def _may_be_ours(name: str) -> bool:
    return name == RECORD_SHEET or name.startswith(ISSUES_SHEET)


def _rows(data: bytes, names: list[str]) -> dict[str, list[list[object]]]:
    """The beginnings of the sheets as read; of one that the reader gives up (`#SPILL!`), nothing."""
    try:
        with opened_quietly(data) as opened:
            return {name: _beginning(opened, name) for name in names}
    except CalamineError as error:
        raise CannotMark("文件内容有误，读取中断") from error


def _beginning(opened: CalamineWorkbook, name: str) -> list[list[object]]:
    try:
        rows = opened.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=RECORD_ROWS)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's PanicException is no Exception
        return []
    return [list(row) for row in rows]
