"""The number formats of a form as it was issued, given back to the figures of a sheet that the unit formatted anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gouji.export.returned.package import CannotMark, Package, parsed
from gouji.export.returned.sheet import Sheet
from gouji.export.returned.styles import Styles
from gouji.ingest.files.cell_areas import Position, cell_position
from gouji.ingest.files.styles import cell_looks
from gouji.ingest.files.xml import Element, elements, local
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.exact import places, significant
from gouji.templates.form import Form
from gouji.templates.issuing.styles import number_format
from gouji.templates.layout import Layout
from gouji.templates.number_format import is_percentage, shown_decimals

_GENERAL = "General"


def issued_formats(form: Form, layout: Layout) -> dict[Position, str]:
    """Where figures stand on the issued sheet, and the number format of each."""
    kinds = {position: form.items[item] for item, position in layout.positions.items() if item in form.items}
    for name, slots in layout.slots.items():
        for slot in slots:
            kinds |= {position: form.lists[name].columns[column] for column, position in slot.columns.items()}
    return {position: number_format(item.kind) for position, item in kinds.items() if item.is_figure}


def with_issued_formats(package: Package, part: str, wanted: Mapping[Position, str], limits: Limits | None) -> None:
    """Print the figures of a sheet as they were to be printed. Raises CannotMark.

    A format stays where the issued one would show less of the figure, or a hundredth of it.
    """
    styles = package.related(package.workbook, "styles")
    if styles is None:
        return
    try:
        codes = [look.code or _GENERAL for look in cell_looks(package.read(styles))]
        xml = package.read(part)
        changed = {
            position: wanted[position]
            for position, code, figure in _figures(xml, codes, limits or Limits())
            if position in wanted and _shows_as_much(wanted[position], code, figure)
        }
    except Refused as refused:
        raise CannotMark(refused.reason.rstrip("。")) from refused
    if changed:
        own_styles = Styles(package)
        sheet = Sheet(xml, changed, lambda position, style: own_styles.formatted(style, changed[position]), limits)
        package.write(part, sheet.to_bytes())


def without_conditional_formats_of_numbers(package: Package) -> None:
    """No condition makes another text of a figure than its cell's own format does. Raises CannotMark."""
    styles = package.related(package.workbook, "styles")
    if styles is None or not _conditional(parsed(package.read(styles))):
        return
    for dxf, child in _conditional(package.tree(styles)):
        dxf.remove(child)


def _conditional(styles: Element) -> list[tuple[Element, Element]]:
    """The number formats that conditions give, each with what else they give."""
    return [(dxf, child) for dxf in styles.iter("{*}dxf") for child in dxf if local(child.tag) == "numFmt"]


def _figures(xml: bytes, codes: list[str], limits: Limits) -> Iterator[tuple[Position, str, float]]:
    """The cells of a sheet that hold a number, with its format."""
    for cell in elements(xml, "c"):
        address, style = cell.get("r"), cell.get("s") or "0"
        value = next((child.text for child in cell if local(child.tag) == "v"), None)
        if address is None or cell.get("t", "n") != "n" or value is None:
            continue
        try:
            figure, code = float(value), codes[int(style)]
        except (ValueError, IndexError):
            continue
        yield cell_position(address, limits), code, figure


def _shows_as_much(wanted: str, code: str, figure: float) -> bool:
    """Whether a format differs from a cell's own, and may stand in its place."""
    if wanted == code or is_percentage(wanted) != is_percentage(code):
        return False
    try:
        decimals = places(significant(figure).normalize())
    except ValueError:
        return False
    least = shown_decimals(code, decimals)
    most = shown_decimals(wanted, decimals)
    return most is None or most >= min(decimals, decimals if least is None else least)
