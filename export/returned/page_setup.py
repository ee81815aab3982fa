"""The page of a sheet: its footer, and paper, direction and fit where they are not as issued any more."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from gouji.export.returned.elements import Edit, Elements, edited, elements
from gouji.export.returned.package import CannotMark
from gouji.templates.issuing.page import A4, FOOTER, MARGIN, Page

_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter"
).split()
"""The order in which the schema wants the children of a sheet; all others come later."""
_FIT = re.compile(rb"<(?:\w+:)?pageSetUpPr\b[^<>]*(?:/>|>\s*</(?:\w+:)?pageSetUpPr>)")
_LONGEST = 255
"""Signs of a header or footer."""


def with_page(xml: bytes, footer: str, page: Page | None, header: str = "") -> bytes:
    """The sheet with this footer and header; `page`: how it was issued, and is to be where paper, direction or fit
    differ."""
    found = elements(xml)
    if len(footer) > _LONGEST or len(header) > _LONGEST:
        raise CannotMark("页眉或页脚过长")
    parts = {"oddHeader": header, "oddFooter": footer}
    # A brace in a text is none of the pattern's.
    told = {name: escape(text).replace("{", "{{").replace("}", "}}") for name, text in parts.items() if text}
    inner = "".join(f"<{{0}}{name}>{text}</{{0}}{name}>" for name, text in told.items())
    edits = _put(found, "headerFooter", f"<{{0}}headerFooter>{inner}</{{0}}headerFooter>")
    if page is not None and not _as_issued(xml, found, page):
        whole = "" if page.one_page else ' fitToHeight="0"'
        edits += _put(found, "printOptions", '<{0}printOptions horizontalCentered="1"/>')
        edits += _put(
            found, "pageMargins",
            f'<{{0}}pageMargins left="{MARGIN}" right="{MARGIN}" top="{MARGIN}" bottom="{MARGIN + 0.1:.1f}" '
            f'header="0.3" footer="{FOOTER}"/>',
        )  # fmt: skip
        edits += _put(found, "pageSetup", f'<{{0}}pageSetup paperSize="{A4}"{whole} orientation="{page.orientation}"/>')
        edits += _fitted(xml, found)
    return edited(xml, edits)


def _as_issued(xml: bytes, found: Elements, page: Page) -> bool:
    said = next((one.said for one in found.found if one.name == "pageSetup"), {})
    head = next((xml[one.start : one.end] for one in found.found if one.name == "sheetPr"), b"")
    fits = re.search(rb"""\bfitToPage\s*=\s*["'](?:1|true)["']""", head) is not None
    wide = said.get("fitToWidth", "1") == "1"
    return fits and wide and (said.get("paperSize"), said.get("orientation")) == (str(A4), page.orientation)


def _put(found: Elements, name: str, element: str) -> list[Edit]:
    """In the place of what there is by that name, else where the schema wants it."""
    text = element.format(found.prefix).encode()
    own = [one for one in found.found if one.name == name]
    if own:
        return [(own[0].start, own[0].end, text), *((one.start, one.end, b"") for one in own[1:])]
    later = (one.start for one in found.found if one.name not in _ORDER or _ORDER.index(one.name) > _ORDER.index(name))
    at = next(later, found.end)
    return [(at, at, text)]


def _fitted(xml: bytes, found: Elements) -> list[Edit]:
    """`fitToPage`, which stands in the sheet's properties, as their last."""
    fit = f'<{found.prefix}pageSetUpPr fitToPage="1"/>'.encode()
    one = next((one for one in found.found if one.name == "sheetPr"), None)
    if one is None:
        return _put(found, "sheetPr", '<{0}sheetPr><{0}pageSetUpPr fitToPage="1"/></{0}sheetPr>')
    old = _FIT.sub(b"", xml[one.start : one.end])
    if old.endswith(b"/>") and old.count(b"<") == 1:
        new = old[:-2].rstrip() + b">" + fit + f"</{found.prefix}sheetPr>".encode()
    else:
        end = old.rindex(b"</")
        new = old[:end] + fit + old[end:]
    return [(one.start, one.end, new)]
