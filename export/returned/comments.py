"""Comments on cells: the part that holds their texts, and the old drawing (VML) that shows them.

A sheet's own comments stay. Where the unit has written one on a faulty cell, ours is added below it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from gouji.export.returned.package import MAIN, CannotMark, Package, parsed
from gouji.export.returned.sheet import Measures
from gouji.ingest.files.cell_areas import Position
from gouji.ingest.files.xml import Element
from gouji.templates.addresses import cell_name, cell_position
from gouji.templates.text import begins_like_formula, sheet_text

LEAD = "【勾稽核对】"
"""How each comment of ours begins, and how it is found again."""
AUTHOR = "勾稽核对"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_THREADED = "tc="
"""How the author of a comment begins that stands for a conversation, which programs show in its place."""
_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/>\
</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_SHAPE = """<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;\
width:{width}pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">\
<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""
_ONE_SHAPE = re.compile(r"<v:shape\b(?:(?!</v:shape>).)*</v:shape>\s*", re.DOTALL)
_ROW, _COLUMN = re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>"), re.compile(r"<x:Column>\s*(\d+)\s*</x:Column>")
_NUMBER = re.compile(r"_x0000_s(\d{1,9})")
_BLOCKS = re.compile(r"<o:idmap\b[^<>]*\bdata=[\"']([\d,\s]*)[\"']")
_BLOCK = 1024
_WIDTH, _LINE, _SIGN = 330, 18, 12
"""Pixels: width of a comment, height of one line of it, width of a Chinese sign."""
_SPOKEN = ("comments", "threadedComment", "person")
"""Relations to the parts that hold what people said, and who."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the comments of a sheet are, if there are any."""

    part: str
    comments: str | None
    drawing: str | None


def add_comments(
    package: Package, sheet: str, drawing_id: str | None, texts: Mapping[Position, str], measures: Measures
) -> str:
    """Put each text on its cell. `drawing_id`: the relation by which the sheet names its old drawing.

    Returns the relation by which the sheet must name it.
    """
    where = _comments_of(package, sheet, drawing_id)
    comments = where.comments or _new_comments(package, sheet)
    root = package.tree(comments)
    added = _add_texts(root, texts)
    drawing = where.drawing
    if drawing is None:
        drawing = package.new_name("xl/drawings/vmlDrawing{}.vml")
        package.set_default("vml", _VML_TYPE)
        package.write(drawing, _VML.format(block=_free_block(package)).encode())
        drawing_id = package.relate(sheet, "vmlDrawing", drawing)
    _add_shapes(package, drawing, {cell: texts[cell] for cell in added}, measures)
    assert drawing_id is not None
    return drawing_id


def remove_comments(package: Package, sheet: str) -> None:
    """Take every comment of ours off a sheet; the unit's own words stay."""
    part = package.related(sheet, "comments")
    if part is None or LEAD.encode() not in package.read(part):
        return
    root = package.tree(part)
    gone = {cell for comment in list(root.iter(f"{{{MAIN}}}comment")) if (cell := _without_ours(comment)) is not None}
    for drawing in [relation.target for relation in package.relations(sheet) if relation.kind == "vmlDrawing"]:
        text = _text_of(package.read(drawing))
        remaining = _ONE_SHAPE.sub(lambda match: "" if _cell_of(match[0]) in gone else match[0], text)
        package.write(drawing, remaining.encode())


def make_inert(package: Package) -> None:
    """Words and authors of comments that begin like formulas get a `'` in front, by which programs know a text."""
    for name in sorted({relation.target for _, relation in package.all_relations() if relation.kind in _SPOKEN}):
        if name in package.names and any(map(_like_formula, parsed(package.read(name)).iter(etree.Element))):
            for element in filter(_like_formula, package.tree(name).iter(etree.Element)):
                _with_apostrophe(element)


def _like_formula(element: Element) -> bool:
    match etree.QName(element).localname:
        case "author" | "text":
            return begins_like_formula("".join(map(str, element.itertext())))
        case "person":
            return begins_like_formula(element.get("displayName", ""))
    return False


def _with_apostrophe(element: Element) -> None:
    if (name := element.get("displayName")) is not None:
        element.set("displayName", f"'{name}")
    else:
        first = next(holder for holder in element.iter() if holder.text)
        first.text = f"'{first.text}"


def _comments_of(package: Package, sheet: str, drawing_id: str | None) -> _Sheet:
    drawing = next((relation.target for relation in package.relations(sheet) if relation.id == drawing_id), None)
    if drawing_id is not None and drawing not in package.names:
        raise CannotMark("文件里缺少批注的图形部件")
    return _Sheet(sheet, package.related(sheet, "comments"), drawing)


def _new_comments(package: Package, sheet: str) -> str:
    name = package.new_name(posixpath.join("xl", "comments{}.xml"))
    package.add(name, f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode(), _TYPE)
    package.relate(sheet, "comments", name)
    return name


# ---- texts ----


def _add_texts(root: Element, texts: Mapping[Position, str]) -> list[Position]:
    """Returns the cells that had no comment."""
    authors, comments = root.find(f"{{{MAIN}}}authors"), root.find(f"{{{MAIN}}}commentList")
    if authors is None or comments is None:
        raise CannotMark("文件里的批注不合规范")
    names = [child.text or "" for child in authors]
    existing = {child.get("ref", ""): child for child in comments}
    added = []
    for cell, text in texts.items():
        existing_comment = existing.get(cell_name(*cell))
        if existing_comment is not None:
            if not names[_author(existing_comment, names)].startswith(_THREADED):
                _append_runs(existing_comment, "\n" + text)
            continue
        if AUTHOR not in names:
            names.append(AUTHOR)
            etree.SubElement(authors, f"{{{MAIN}}}author").text = AUTHOR
        new_comment = etree.SubElement(
            comments, f"{{{MAIN}}}comment", ref=cell_name(*cell), authorId=str(names.index(AUTHOR))
        )
        etree.SubElement(new_comment, f"{{{MAIN}}}text")
        _append_runs(new_comment, text)
        added.append(cell)
    comments[:] = sorted(comments, key=lambda comment: _order(comment.get("ref", "")))
    return added


def _author(comment: Element, names: list[str]) -> int:
    stated = comment.get("authorId", "")
    if not names:
        names.append("")
    return int(stated) if stated.isdecimal() and len(stated) < 8 and int(stated) < len(names) else 0


def _order(reference: str) -> Position:
    try:
        return cell_position(reference)
    except ValueError:
        return 1 << 20, 0


def _append_runs(comment: Element, text: str) -> None:
    """Our words behind what stands there, in one run of text."""
    holder = comment.find(f"{{{MAIN}}}text")
    if holder is None:
        holder = etree.SubElement(comment, f"{{{MAIN}}}text")
    plain = holder.find(f"{{{MAIN}}}t")
    if plain is not None:  # text without runs becomes a run, or it could not be followed by one
        holder.remove(plain)
        _run(holder, plain.text or "", styled=False)
    _run(holder, text, styled=True)


def _run(holder: Element, text: str, *, styled: bool) -> None:
    run = etree.SubElement(holder, f"{{{MAIN}}}r")
    if styled:
        look = etree.SubElement(run, f"{{{MAIN}}}rPr")
        etree.SubElement(look, f"{{{MAIN}}}sz", val="9")
        etree.SubElement(look, f"{{{MAIN}}}rFont", val="宋体")
        etree.SubElement(look, f"{{{MAIN}}}charset", val="134")
    element = etree.SubElement(run, f"{{{MAIN}}}t")
    element.text = sheet_text(text)
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _without_ours(comment: Element) -> Position | None:
    """Cut a comment where ours begins; its cell, where nothing is left of it (and it goes)."""
    texts = list(comment.iter(f"{{{MAIN}}}t"))
    full_text = "".join(run_text.text or "" for run_text in texts)
    start = full_text.find(LEAD)
    if start < 0:
        return None
    if not full_text[:start].strip() or full_text[:start].strip().rstrip(":：") == AUTHOR:
        parent = comment.getparent()
        assert parent is not None
        parent.remove(comment)
        return _order(comment.get("ref", ""))
    room = len(full_text[:start].rstrip("\n"))
    for run_text in texts:
        text = run_text.text or ""
        run_text.text, room = text[:room], max(room - len(text), 0)
    return None


# ---- shapes ----


def _add_shapes(package: Package, drawing: str, texts: Mapping[Position, str], measures: Measures) -> None:
    vml = _text_of(package.read(drawing))
    end = vml.rfind("</xml")
    if end < 0:
        raise CannotMark("文件里批注的图形不合规范")
    numbers = [int(number) for number in _NUMBER.findall(vml)]
    first = max([*numbers, *(block * _BLOCK for block in _blocks(vml)[:1])], default=_BLOCK) + 1
    shapes = [_shape(first + n, cell, text, measures) for n, (cell, text) in enumerate(texts.items())]
    package.write(drawing, (vml[:end] + "".join(shapes) + vml[end:]).encode())


def _shape(number: int, cell: Position, text: str, measures: Measures) -> str:
    row, column = cell
    height = _LINE * (_lines(text) + 1)
    left, right = _span(column + 1, 12, _WIDTH, measures.widths, measures.width)
    top, bottom = _span(max(row - 1, 0), 8, height, measures.heights, measures.height)
    corners = (left[0], left[1], top[0], top[1], right[0], right[1], bottom[0], bottom[1])
    anchor = ", ".join(str(corner) for corner in corners)
    return _SHAPE.format(
        number=number, width=round(_WIDTH * 0.75), height=round(height * 0.75), anchor=anchor, row=row, column=column
    )


def _lines(text: str) -> int:
    per_line = _WIDTH - 2 * _SIGN
    wide = (sum(_SIGN if sign > "ÿ" else _SIGN / 2 for sign in line) for line in text.split("\n"))
    return sum(max(1, -int(-width // per_line)) for width in wide)


def _span(
    first: int, offset: int, size: int, stated: Mapping[int, int], usual: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Column (or row) and offset in it of where something begins and, so many pixels on, ends."""
    start = min(offset, stated.get(first, usual))
    at, left = first, start + size
    while left > (room := stated.get(at, usual)) and at < first + 200:
        left -= room
        at += 1
    return (first, start), (at, left)


def _free_block(package: Package) -> int:
    """A number of shapes that no other drawing of comments uses."""
    drawings = [_text_of(package.read(name)) for name in package.names if name.lower().endswith(".vml")]
    return max((block for vml in drawings for block in _blocks(vml)), default=0) + 1


def _blocks(vml: str) -> list[int]:
    """The numbers (of a thousand shapes each) that a drawing says are its own."""
    numbers = [block.strip() for listing in _BLOCKS.findall(vml) for block in listing.split(",")]
    return [int(block) for block in numbers if block.isdecimal() and len(block) < 6]


def _cell_of(shape: str) -> Position | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]), int(column[1])) if row and column and len(row[1]) < 9 and len(column[1]) < 9 else None


def _text_of(vml: bytes) -> str:
    """Old drawings are not always XML, so that they are taken as text."""
    try:
        return vml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotMark("文件里批注的图形不合规范") from error
