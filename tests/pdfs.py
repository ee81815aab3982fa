"""PDF files written byte by byte: text at a place, ruled lines, pictures, and whatever a file should not have."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from gouji.ingest.grid import Sheet
from tests.documents import text_of

A4 = (595, 842)
Cell = tuple[int, int, int, int, str]
"""Left and right column, upper and lower row (exclusive), text."""


def text(x: float, y: float, words: str, size: float = 10, more: str = "") -> str:
    """Words whose line begins at x and stands on y, from below; digits and signs are half as wide."""
    return f"q {more} BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET Q\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def ruled(columns: Sequence[float], rows: Sequence[float], texts: Sequence[Sequence[str]], size: float = 10) -> str:
    """A table whose borders stand at these places (rows from above); a text with breaks is written in lines."""
    drawn = "".join(line(columns[0], y, columns[-1], y) for y in rows)
    drawn += "".join(line(x, rows[0], x, rows[-1]) for x in columns)
    for row, cells in enumerate(texts):
        for column, words in enumerate(cells):
            for number, part in enumerate(words.split("\n")):
                drawn += text(columns[column] + 3, rows[row] - (number + 1) * (size + 2), part, size)
    return drawn


def pdf(
    pages: Sequence[str],
    catalog: str = "",
    page: str = "",
    objects: Mapping[int, bytes] | None = None,
    *,
    box: str = "0 0 595 842",
    resources: str = "",
    trailer: str = "",
) -> bytes:
    """A file of these contents of pages. `catalog`, `page`, `resources`, `trailer`: more entries of those
    dictionaries; `objects`: more objects by number (from 900 on), in the place of others of that number."""
    made: dict[int, bytes] = {}
    first = 10
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    made[1] = f"<</Type/Catalog/Pages 2 0 R {catalog}>>".encode()
    made[2] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()
    made[3] = b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
    made[4] = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/DW 1000/W[32[" + b"500 " * 95 + b"]]/FontDescriptor 6 0 R>>"
    )
    made[5] = stream(_meanings("".join(pages)))
    made[6] = b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -120 1000 880]/Ascent 880/Descent -120>>"
    for n, content in enumerate(pages):
        at = first + 2 * n
        made[at] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents {at + 1} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>{resources}>>{page}>>"
        ).encode()
        made[at + 1] = stream(content.encode())
    made |= dict(objects or {})
    written, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(made.items()):
        places[number] = len(written)
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(written)
    written += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        written += f"{number} 1\n{place:010} 00000 n \n".encode()
    size = max(places) + 1
    return bytes(written) + f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()


def stream(content: bytes, about: str = "") -> bytes:
    """An object with contents, packed."""
    packed = zlib.compress(content)
    return f"<</Length {len(packed)}/Filter/FlateDecode{about}>>stream\n".encode() + packed + b"\nendstream"


def picture(width: int, height: int) -> tuple[str, dict[int, bytes]]:
    """What draws a picture over so much of a page, with its object; it goes with resources `PICTURES`."""
    image = stream(b"\x80", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    return f"q {width} 0 0 {height} 0 0 cm /Im1 Do Q\n", {900: image}


PICTURES = "/XObject<</Im1 900 0 R>>"


def _meanings(contents: str) -> bytes:
    """What the codes of a font mean: themselves."""
    codes = {part[at : at + 4] for part in _written(contents) for at in range(0, len(part), 4)}
    lines = "\n".join(f"<{code}> <{code}>" for code in sorted(codes))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(codes)} beginbfchar\n{lines}\nendbfchar\n"
        "endcmap end end"
    ).encode()


def _written(contents: str) -> list[str]:
    return [part.partition(">")[0] for part in contents.split("<")[1:]]


def sheet_in_pdf(sheet: Sheet) -> str:
    """The page of a sheet: its title, its table with merges as they are drawn; rows are as high as their texts need."""
    ends = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
    covered = {
        (row, column)
        for (top, left), (bottom, right) in ends.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - ends.keys()
    filled = [column for row in range(sheet.height) for column in range(sheet.width) if text_of(sheet, row, column)]
    columns = max(filled) + 1
    width = (A4[0] - 60) / columns
    x = [30 + width * column for column in range(columns + 1)]
    y = [A4[1] - 30 - (A4[1] - 60) / sheet.height * row for row in range(sheet.height + 1)]
    drawn = ""
    for row in range(sheet.height):
        for column in range(columns):
            if (row, column) in covered:
                continue
            bottom, right = ends.get((row, column), (row, column))
            right = min(right, columns - 1)
            drawn += f"{x[column]} {y[bottom + 1]} {x[right + 1] - x[column]} {y[row] - y[bottom + 1]} re S\n"
            words = text_of(sheet, row, column).replace("\n", "")
            room = max(int((x[right + 1] - x[column] - 4) / (3 if words.isascii() else 6)), 1)
            for number in range(0, len(words), room):
                drawn += text(x[column] + 2, y[row] - 7 - 7 * (number // room), words[number : number + room], 6)
    return drawn
