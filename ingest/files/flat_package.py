"""A Word document that was saved as one XML file (Flat OPC) as the package that it describes."""

from __future__ import annotations

import base64
import binascii
import zipfile
from io import BytesIO
from xml.sax.saxutils import quoteattr

from lxml import etree

from gouji.ingest.files.xml import Element, local, tree
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, damaged

_SIGN = b"http://schemas.microsoft.com/office/2006/xmlPackage"
_HEAD = 4096
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def is_flat_package(data: bytes) -> bool:
    """Whether bytes are such a file."""
    head = data[:_HEAD]
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _SIGN in head


def check_no_dtd(xml: bytes) -> None:
    """Raises Refused (含有DTD) for XML with a document type."""
    if b"<!DOCTYPE" in xml:
        raise Refused("含有DTD", "文件内部含有不允许的声明（DTD），未予读取，请另存为 .docx 后再报送。")


def as_package(data: bytes, limits: Limits) -> bytes:
    """Its parts as a zip archive, not compressed.

    Raises Refused: 含有DTD, 成员过多, 成员重名, 文件损坏.
    """
    check_no_dtd(data)
    parts = [one for one in tree(data) if local(one.tag) == "part"]
    if len(parts) > limits.members:
        raise Refused("成员过多", "文件里的部件太多，不是一份正常的文档，未予读取。")
    if len({_stated(part, "name").lower() for part in parts}) < len(parts):
        raise Refused("成员重名", "文件里有同名的部件，无法确定读哪一个，请另存为 .docx 后再报送。")
    written = BytesIO()
    types: list[str] = []
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as package:
        for part in parts:
            name, kind = (_stated(part, what) for what in ("name", "contentType"))
            types.append(f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>")
            package.writestr(name.lstrip("/"), _content(part))
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_TYPES}">{"".join(types)}</Types>')
    return written.getvalue()


def _stated(part: Element, what: str) -> str:
    """An attribute of a part, in the vocabulary of the package."""
    return next((str(text) for name, text in part.attrib.items() if local(name) == what), "")


def _content(part: Element) -> bytes:
    held = next(iter(part), None)
    if held is None:
        return b""
    if local(held.tag) == "xmlData":
        root = next(iter(held), None)
        return b"" if root is None else etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    try:
        return base64.b64decode("".join(str(held.text or "").split()), validate=True)
    except binascii.Error as error:
        raise damaged() from error
