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
    children = elements(xml)
    if len(footer) > _LONGEST or len(header) > _LONGEST:
        raise CannotMark("页眉或页脚过长")
    parts = {"oddHeader": header, "oddFooter": footer}
    # A brace in a text is none of the pattern's.
    escaped = {name: escape(text).replace("{", "{{").replace("}", "}}") for name, text in parts.items() if text}
    inner = "".join(f"<{{0}}{name}>{text}</{{0}}{name}>" for name, text in escaped.items())
    edits = _put(children, "headerFooter", f"<{{0}}headerFooter>{inner}</{{0}}headerFooter>")
    if page is not None and not _as_issued(xml, children, page):
        height = "" if page.one_page else ' fitToHeight="0"'
        edits += _put(children, "printOptions", '<{0}printOptions horizontalCentered="1"/>')
        edits += _put(
            children, "pageMargins",
            f'<{{0}}pageMargins left="{MARGIN}" right="{MARGIN}" top="{MARGIN}" bottom="{MARGIN + 0.1:.1f}" '
            f'header="0.3" footer="{FOOTER}"/>',
        )  # fmt: skip
        edits += _put(
            children, "pageSetup", f'<{{0}}pageSetup paperSize="{A4}"{height} orientation="{page.orientation}"/>'
        )
        edits += _fitted(xml, children)
    return edited(xml, edits)


def _as_issued(xml: bytes, children: Elements, page: Page) -> bool:
    setup = next((child.said for child in children.found if child.name == "pageSetup"), {})
    head = next((xml[child.start : child.end] for child in children.found if child.name == "sheetPr"), b"")
    fits = re.search(rb"""\bfitToPage\s*=\s*["'](?:1|true)["']""", head) is not None
    wide = setup.get("fitToWidth", "1") == "1"
    return fits and wide and (setup.get("paperSize"), setup.get("orientation")) == (str(A4), page.orientation)


def _put(children: Elements, name: str, element: str) -> list[Edit]:
    """In the place of what there is by that name, else where the schema wants it."""
    text = element.format(children.prefix).encode()
    same_named = [child for child in children.found if child.name == name]
    if same_named:
        return [
            (same_named[0].start, same_named[0].end, text),
            *((child.start, child.end, b"") for child in same_named[1:]),
        ]
    later = (
        child.start
        for child in children.found
        if child.name not in _ORDER or _ORDER.index(child.name) > _ORDER.index(name)
    )
    at = next(later, children.end)
    return [(at, at, text)]


def _fitted(xml: bytes, children: Elements) -> list[Edit]:
    """`fitToPage`, which stands in the sheet's properties, as their last."""
    fit = f'<{children.prefix}pageSetUpPr fitToPage="1"/>'.encode()
    properties = next((properties for properties in children.found if properties.name == "sheetPr"), None)
    if properties is None:
        return _put(children, "sheetPr", '<{0}sheetPr><{0}pageSetUpPr fitToPage="1"/></{0}sheetPr>')
    old = _FIT.sub(b"", xml[properties.start : properties.end])
    if old.endswith(b"/>") and old.count(b"<") == 1:
        new = old[:-2].rstrip() + b">" + fit + f"</{children.prefix}sheetPr>".encode()
    else:
        end = old.rindex(b"</")
        new = old[:end] + fit + old[end:]
    return [(properties.start, properties.end, new)]
