"""A returned workbook → the same workbook with its faulty cells coloured and commented, and 问题 in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gouji.export.returned.comments import add_comments
from gouji.export.returned.front import HEAD_ROW, issues_sheet, record_sheet
from gouji.export.returned.marks import SEVERITIES, Mark, Stamp, comment, ordered, position
from gouji.export.returned.outward import strip_outward
from gouji.export.returned.package import CannotMark, Package
from gouji.export.returned.sheet import Sheet, anchors, deselected
from gouji.export.returned.styles import Styles
from gouji.export.returned.unmark import unmark
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.cell_areas import Position
from gouji.ingest.limits import Limits
from gouji.templates.addresses import quoted_sheet
from gouji.templates.returned import ISSUES_SHEET, RECORD_SHEET, Record
from gouji.templates.text import sheet_name

__all__ = ["CannotMark", "Mark", "Stamp", "mark_up"]


def mark_up(
    data: bytes | Archive, marks: Sequence[Mark], stamp: Stamp, unit: str = "", limits: Limits | None = None
) -> bytes:
    """The marked copy; equal arguments give equal bytes. `data` was admitted by ingest.

    Marks of an earlier round are taken out first. Raises CannotMark with a Chinese reason.
    """
    package = Package(data, limits)
    strip_outward(package)
    styles = Styles(package)
    former = unmark(package, styles)
    parts = {sheet.name: sheet.part for sheet in package.sheets() if sheet.has_cells}
    in_order = ordered(marks, [sheet.name for sheet in package.sheets()])
    for name, part in parts.items():
        of_sheet = [mark for mark in in_order if mark.sheet == name and position(mark) is not None]
        if of_sheet:
            _mark_sheet(package, part, of_sheet, styles, limits)
    for sheet in package.sheets():
        package.write(sheet.part, deselected(package.read(sheet.part)))
    _add_sheets(package, in_order, stamp, unit, styles, former, set(parts))
    return package.to_bytes()


def _mark_sheet(package: Package, part: str, marks: Sequence[Mark], styles: Styles, limits: Limits | None) -> None:
    xml = package.read(part)
    positions = {cell for mark in marks if (cell := position(mark)) is not None}
    shown = anchors(xml, positions, limits)
    by_cell: dict[Position, list[Mark]] = defaultdict(list)
    for mark in marks:
        cell = position(mark)
        assert cell is not None
        by_cell[shown[cell]].append(mark)

    def restyled(cell: Position, style: int) -> int:
        return styles.marked(style, min((mark.severity for mark in by_cell[cell]), key=SEVERITIES.index))

    sheet = Sheet(xml, by_cell.keys(), restyled, limits)
    texts = {cell: comment(by_cell[cell]) for cell in sorted(by_cell)}
    drawing = add_comments(package, part, sheet.comments_relation, texts, sheet.measures)
    package.write(part, sheet.to_bytes(drawing))


def _add_sheets(
    package: Package, marks: Sequence[Mark], stamp: Stamp, unit: str, styles: Styles, former: Record | None,
    linked: set[str],
) -> None:  # fmt: skip
    taken = [sheet.name for sheet in package.sheets()]
    issues = sheet_name(ISSUES_SHEET, taken)
    xml = issues_sheet(marks, unit, styles, linked)
    package.add_sheet(issues, xml, front=True)
    package.add_name("_xlnm.Print_Titles", f"{quoted_sheet(issues)}!${HEAD_ROW + 1}:${HEAD_ROW + 1}")
    earlier = former or Record()
    sources = tuple(dict.fromkeys((stamp.sha256, *earlier.sources)))
    # Proofs of earlier rounds are handed on as they stand: what the unit may have added to them has no seal.
    record = Record(stamp.round, sources, issues, styles.former, (*stamp.proofs, *earlier.proofs))
    if RECORD_SHEET.lower() in {name.lower() for name in taken}:
        raise CannotMark("文件里已有名为“_退回”的工作表")
    package.add_sheet(RECORD_SHEET, record_sheet(record), hidden=True)
    package.show_first()
