"""A Word document written from its paragraphs and tables, with merges as Word itself writes them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from gouji.samples.word_table import Patch

Table = Sequence[Patch]
_MADE = (1980, 1, 1, 0, 0, 0)  # the zip's own earliest date, so that equal contents are equal bytes
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ROOM = 9000
"""Twentieths of a point between the margins."""
_TITLE, _LONGEST_TITLE = "Title", 40
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/><w:sz w:val="21"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f'<w:style w:type="paragraph" w:styleId="{_TITLE}"><w:name w:val="{_TITLE}"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style></w:styles>'
    ),
}


def write_document(path: Path, content: Iterable[str | Table]) -> Path:
    """Write paragraphs and tables into a .docx."""
    path.write_bytes(document_bytes("".join(map(_block, content))))
    return path


def document_bytes(body: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A .docx with this XML in its body; `more`: further parts, or others in the place of its own."""
    document = f'<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    parts: dict[str, str | bytes] = {**_PARTS, "word/document.xml": document, **(more or {})}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            data = part if isinstance(part, bytes) else (_HEAD + part).encode()
            archive.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _block(block: str | Table) -> str:
    if isinstance(block, str):
        title = len(block) <= _LONGEST_TITLE and not any(sign in block for sign in "：:。；\n")
        return paragraph(block, f'<w:pStyle w:val="{_TITLE}"/>' if title and block else "")
    return table(block)


def paragraph(text: str, about: str = "") -> str:
    """A `<w:p>`; line feeds and tabs in the text are Word's own."""
    properties = f"<w:pPr>{about}</w:pPr>" if about else ""
    return f"<w:p>{properties}{run(text)}</w:p>"


def run(text: str, about: str = "") -> str:
    """A `<w:r>` with a text."""
    inner = escape(text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    inner = inner.replace("<w:t>", '<w:t xml:space="preserve">')
    properties = f"<w:rPr>{about}</w:rPr>" if about else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{inner}</w:t></w:r>' if text else ""


def table(patches: Table) -> str:
    """A `<w:tbl>` of cells that need not fill it; rows count from the first that holds one."""
    first = min((patch.row for patch in patches), default=0)
    height = max((patch.row + patch.rows for patch in patches), default=0) - first
    width = max((patch.column + patch.columns for patch in patches), default=1)
    starts = {(patch.row - first, patch.column): patch for patch in patches}
    above = {
        (row, patch.column): patch for (top, _), patch in starts.items() for row in range(top + 1, top + patch.rows)
    }
    rows = "".join(f"<w:tr>{_row(row, width, starts, above)}</w:tr>" for row in range(height))
    column = _ROOM // width
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = f'<w:gridCol w:w="{column}"/>' * width
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(row: int, width: int, starts: Mapping[tuple[int, int], Patch], above: Mapping[tuple[int, int], Patch]) -> str:
    cells, column = "", 0
    while column < width:
        patch, over = starts.get((row, column)), above.get((row, column))
        span = (patch or over or Patch(row, column, 1, 1, "")).columns
        merged = '<w:vMerge w:val="restart"/>' if patch and patch.rows > 1 else "<w:vMerge/>" if over else ""
        about = f'<w:tcW w:w="{_ROOM // width * span}" w:type="dxa"/>'
        about += (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + merged
        cells += cell(patch.text if patch else "", about)
        column += span
    return cells


def cell(text: str, about: str = "") -> str:
    """A `<w:tc>` with a text."""
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraph(text)}</w:tc>"
