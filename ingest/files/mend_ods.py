"""An .ods as the reader can take it: with its mimetype and manifest, without blanks between its elements."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.xml import Element, local, tree
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_INDENTED = re.compile(rb">\s+<")
_BARE_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_OF_TEXT = frozenset({"p", "h"})
_ROOT = re.compile(rb"<(?![?!])(?:[^<>\s/:]+:)?document-content\b")


def is_bare_spreadsheet(archive: Archive) -> bool:
    """Whether an archive without a mimetype is a spreadsheet by its content."""
    content = archive.find(_CONTENT)
    if content is None or archive.find("mimetype") is not None or archive.find("[Content_Types].xml") is not None:
        return False
    part = archive.read(content)
    return _ROOT.search(part[:4096]) is not None and b":spreadsheet" in part


def mended_ods(data: bytes, archive: Archive, limits: Limits) -> bytes:
    """The bytes to hand to the reader: the file's own, unless it would fail on them.

    Raises Refused (无法读取) when the content is too large to be written anew.
    """
    content = archive.find(_CONTENT) or _CONTENT
    part = archive.read(content)
    indented = _INDENTED.search(part) is not None
    whole = archive.find("mimetype") is not None and archive.find(_MANIFEST) is not None
    if whole and not indented and content not in archive.utf16:
        return data
    if len(part) > limits.mended_part:
        raise Refused("无法读取", "文件内容的写法特殊且过大，无法读取，请用 Excel 或 WPS 另存后再报送。")
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as written:
        written.writestr("mimetype", MIMETYPE)
        manifest = archive.find(_MANIFEST)
        written.writestr(_MANIFEST, _BARE_MANIFEST if manifest is None else archive.read(manifest))
        for name in archive.names:
            if name == content:
                written.writestr(_CONTENT, _unindented(part))
            elif name not in (manifest, "mimetype"):
                written.writestr(name, archive.read(name))
    return copy.getvalue()


def _unindented(part: bytes) -> bytes:
    root = tree(part)
    _strip(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _strip(root: Element) -> None:
    """Take out the blanks between elements; those within a paragraph are the text's own."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if local(element.tag) not in _OF_TEXT:
            if element.text is not None and not element.text.strip():
                element.text = None
            for child in element:
                if child.tail is not None and not child.tail.strip():
                    child.tail = None
            waiting += list(element)
