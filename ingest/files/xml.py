"""XML of untrusted files, one element at a time: no entities, no network, no document type."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gouji.ingest.refusal import malformed, strange_contents

Element = etree._Element


def local(name: object) -> str:
    """An element's or attribute's name without its namespace."""
    text = str(name)
    return text[text.rfind("}") + 1 :]


def namespace(element: Element) -> str:
    """The namespace of an element as its tag begins: `{uri}`, or nothing."""
    tag = str(element.tag)
    return tag[: tag.rfind("}") + 1]


def attributes(element: Element) -> dict[str, str]:
    """The attributes of an element by their names."""
    return {str(name): str(said) for name, said in element.items()}


_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def check_ignored(element: Element) -> None:
    """Check that a foreign element is one that the part tells programs to pass over (ECMA-376-3, Ignorable).

    Raises Refused (无法读取) where it is not, or where there is something in it, or instead of it, that they may take.
    """
    root = element.getroottree().getroot()
    said = str(root.get(f"{_COMPATIBILITY}Ignorable", "")).split()
    passed_over = {f"{{{root.nsmap.get(prefix)}}}" for prefix in said}
    taken = root.get(f"{_COMPATIBILITY}ProcessContent")
    if namespace(element) not in passed_over or taken is not None:
        raise strange_contents()


_NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY
# Up to this size a part is parsed as a whole, which is twice as quick as in pieces.
_WHOLE = 12 * 1024 * 1024
_GUARDED: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}


def elements(xml: bytes, *names: str) -> Iterator[Element]:
    """Elements with these local names, each one whole; an element is only good until the next is asked for.

    Raises Refused (文件损坏) for malformed XML.
    """
    tags = [f"{{*}}{name}" for name in names]
    if len(xml) <= _WHOLE:
        yield from tree(xml).iter(*tags)
        return
    try:
        yield from _in_pieces(xml, tags)
    except etree.XMLSyntaxError as error:
        raise _failed(error) from error


def tree(xml: bytes) -> Element:
    """The root of a whole part. Raises Refused (文件损坏) for malformed XML."""
    try:
        return etree.fromstring(xml, etree.XMLParser(**_GUARDED))
    except etree.XMLSyntaxError as error:
        raise _failed(error) from error


def _failed(error: etree.XMLSyntaxError) -> Exception:
    """Whether the file is at fault or the memory of this process."""
    return MemoryError() if getattr(error, "code", None) == _NO_MEMORY else malformed()


def _in_pieces(xml: bytes, tags: list[str]) -> Iterator[Element]:
    for _, element in etree.iterparse(io.BytesIO(xml), events=("end",), tag=tags, **_GUARDED):
        yield element
        # What was seen goes: a sheet of a million rows must not stand in memory at once.
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
