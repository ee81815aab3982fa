"""Parts that the reader cannot take as they stand, rewritten without a change of meaning.

calamine gives up a sheet for one #SPILL!, sees nothing in two-byte XML, and loses what is written as a character
reference or CDATA or stands around a comment. The scan has already kept what the error cells say, so the reader may be
shown any error it knows.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from ingest.archive import Archive
from ingest.limits import Limits
from ingest.refusal import Refused
from ingest.scan import KNOWN_ERRORS
from ingest.xml import local, tree


def mended(archive: Archive, strange: set[str], limits: Limits) -> bytes:
    """A copy of the archive, uncompressed, with the members `strange` and all two-byte XML rewritten.

    Raises Refused (无法读取) when such a part is too large to rewrite, 文件损坏 when it is not well formed.
    """
    changed = strange | archive.utf16
    if any(archive.size(name) > limits.mended_part for name in changed):
        raise Refused("无法读取", "文件内容的写法特殊且过大，无法读取，请用 Excel 或 WPS 另存后再报送。")
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as written:
        for name in archive.names:
            part = archive.read(name)
            written.writestr(name, _rewritten(part) if name in changed else part)
    return copy.getvalue()


def _rewritten(part: bytes) -> bytes:
    root = tree(part)
    for cell in root.iter("{*}c"):
        if cell.get("t") != "e":
            continue
        for value in cell:
            if local(value.tag) == "v" and (value.text or "").strip() not in KNOWN_ERRORS:
                value.text = "#VALUE!"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
