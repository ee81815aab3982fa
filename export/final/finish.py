"""送审版: the unit's own workbook without our marks, printed as it was issued, with the 校验数 in its footers.

As it was issued means the page and the number formats of the figures; no condition formats a figure otherwise. What
served the filling in (colours, 填报说明, 自查, spare sheets) is not printed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from python_calamine import CalamineError

from gouji.export.final.formats import (
    issued_formats,
    with_issued_formats,
    without_conditional_formats_of_numbers,
)
from gouji.export.final.paper import (
    Sheet,
    number_in,
    set_aside,
    without_colours,
    without_conditions,
    without_words_beside,
)
from gouji.export.returned.comments import remove_comments
from gouji.export.returned.elements import elements
from gouji.export.returned.outward import strip_outward
from gouji.export.returned.package import CannotMark, Package
from gouji.export.returned.page_setup import with_page
from gouji.export.returned.styles import Styles
from gouji.export.returned.unmark import may_be_marked, unmark
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import Limits
from gouji.templates.addresses import quoted_sheet, range_name
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET, Identity, read_identity
from gouji.templates.issuing.form_sheet import blank_page
from gouji.templates.issuing.page import Page
from gouji.templates.layout import Layout, lay_out

_AREA, _TITLES = "_xlnm.Print_Area", "_xlnm.Print_Titles"
_MOST_ROWS = 3000


def finished(
    data: bytes, number: str, tables: Mapping[str, Sheet], aside: Collection[str], catalogue: Catalogue,
    limits: Limits | None = None,
) -> bytes:  # fmt: skip
    """The workbook as it is sent up. `tables`: the sheets with a table; `aside`: those that are not to be printed.

    Raises CannotMark with a Chinese reason.
    """
    package = Package(data, limits)
    strip_outward(package)
    _unmark(package)
    identity = identity_of(data)
    without_conditional_formats_of_numbers(package)
    without_colours(package)
    for n, sheet in enumerate(package.sheets()):
        table = tables.get(sheet.name)
        if sheet.has_cells and table is not None:
            issued = _issued(identity, sheet.name, catalogue) if table.as_issued else None
            page = None if issued is None else blank_page(*issued)
            if issued is not None:
                with_issued_formats(package, sheet.part, issued_formats(*issued), limits)
            xml = without_conditions(package.read(sheet.part))
            xml = xml if page is None else without_words_beside(xml, page)
            package.write(sheet.part, with_page(xml, table.footer(number), page, table.header()))
            if page is not None:
                _name_print(package, n, sheet.name, page)
    set_aside(package, aside)
    package.show_first()
    return package.to_bytes()


def _unmark(package: Package) -> None:
    """Take our marks out; the styles of a workbook that has none stay as they are, byte for byte."""
    if may_be_marked(package):
        unmark(package, Styles(package))
        return
    for sheet in package.sheets():
        remove_comments(package, sheet.part)


def printed_numbers(data: bytes, limits: Limits | None = None) -> dict[str, str]:
    """Sheet → the 校验数 that stands in its footer. Raises CannotMark."""
    package = Package(data, limits)
    numbers = {}
    for sheet in package.sheets():
        if sheet.has_cells:
            xml = package.read(sheet.part)
            footers = elements(xml, ("headerFooter",)).found
            digits = [
                number_in(xml[footer.start : footer.end].decode("utf-8", "replace"))
                for footer in footers
                if footer.name == "oddFooter"
            ]
            if any(digits):
                numbers[sheet.name] = next(filter(None, digits))
    return numbers


def identity_of(data: bytes) -> Identity | None:
    """What the workbook says of itself, where it is one of ours. Raises CannotMark."""
    try:
        with opened_quietly(data) as opened:
            if IDENTITY_SHEET not in opened.sheet_names:
                return None
            sheet = opened.get_sheet_by_name(IDENTITY_SHEET)
            return read_identity([list(row) for row in sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)])
    except CalamineError as error:
        raise CannotMark("文件内容有误，读取中断") from error


def _issued(identity: Identity | None, name: str, catalogue: Catalogue) -> tuple[Form, Layout] | None:
    entry = None if identity is None else identity.sheet(name)
    if identity is None or entry is None:
        return None
    form = catalogue.known(entry.form, entry.edition)
    return None if form is None else (form, lay_out(form, identity.year, entry.slots))


def _name_print(package: Package, number: int, sheet: str, page: Page) -> None:
    """The print area, and the titles where there are any, under the names by which programs know them."""
    area = range_name(0, 0, page.rows - 1, page.columns - 1, fixed=True)
    package.set_name(_AREA, number, f"{quoted_sheet(sheet)}!{area}")
    if page.repeat is not None:
        row = page.repeat + 1
        package.set_name(_TITLES, number, f"{quoted_sheet(sheet)}!${row}:${row}")
