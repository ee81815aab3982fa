"""Parts that the reader cannot take as they stand, rewritten without a change of meaning.

calamine gives up a sheet for one #SPILL! or an extension of a cell, sees nothing in two-byte XML, takes elements of any
namespace for the table's own, and loses what is written as a character reference or CDATA or stands around a comment or
an instruction. The scan has already kept what the error cells say, so the reader may be shown any error it knows.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.scan import KNOWN_ERRORS
from gouji.ingest.files.usual_places import Places
from gouji.ingest.files.xml import Element, local, namespace, tree
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused


def mended(archive: Archive, strange: set[str], places: Places, limits: Limits) -> bytes:
    """A copy of the archive, uncompressed, with the members `strange` and all two-byte XML rewritten.

    `places`: what is to stand elsewhere, or to be written anew.

    Raises Refused (无法读取) when such a part is too large to rewrite, 文件损坏 when it is not well formed.
    """
    changed = strange | archive.utf16
    if any(archive.size(name) > limits.mended_part for name in changed):
        raise Refused("无法读取", "文件内容的写法特殊且过大，无法读取，请用 Excel 或 WPS 另存后再报送。")
    taken = {name.casefold() for name in (*places.moved.values(), *places.written)}
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as written:
        for name, part in places.written.items():
            written.writestr(name, part)
        for name in archive.names:
            if name.casefold() in taken and name not in places.moved:
                continue
            part = archive.read(name)
            written.writestr(places.moved.get(name, name), _rewritten(part) if name in changed else part)
    return copy.getvalue()


def _drop_strangers(row: Element, own: str) -> None:
    """Take out what the scan passed over: elements of other namespaces, and lists of extensions."""
    for element in [*row.iter()]:
        parent = element.getparent()
        if parent is not None and (namespace(element) != own or local(element.tag) == "extLst"):
            parent.remove(element)


def _rewritten(part: bytes) -> bytes:
    root = tree(part)
    own = namespace(root)
    for row in root.iter(f"{own}row"):
        _drop_strangers(row, own)
    for cell in root.iter("{*}c"):
        if cell.get("t") != "e":
            continue
        for value in cell:
            if local(value.tag) == "v" and (value.text or "").strip() not in KNOWN_ERRORS:
                value.text = "#VALUE!"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
