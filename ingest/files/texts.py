"""What texts become when they are multiplied out, before a reader is let at them.

One text of a shared table may stand in a hundred thousand cells, and a reader makes as many copies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.files.xml import elements, namespace
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import strange_contents, too_large

_USES = re.compile(rb"""<(?:\w+:)?c\b[^>]*\st=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<""")
_PREFIXED = re.compile(rb"<[^<>\s/?!:]+:")
_ROOT = re.compile(rb"<(?![?!])[^>]*+>")
_ITEM_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_BLANKS = re.compile(rb"""<text:s\s[^>]*?\btext:c\s*=\s*["']([0-9]+)["']""")


def check_texts(archive: Archive, shared: str | None, sheets: Sequence[str], limits: Limits) -> None:
    """Check the texts that the members `sheets` take from the member `shared`. Raises Refused (展开过大)."""
    if shared is None:
        return
    parts = [archive.read(sheet) for sheet in sheets]
    # No text is longer than the table: most workbooks need no closer look.
    if sum(map(_uses_at_most, parts)) * archive.size(shared) <= limits.total_size:
        return
    uses = (int(number) for part in parts for number in _USES.findall(part))
    # In bytes, with their tags: parsing a million of them would take longer than reading the file.
    lengths = [len(item) for item in _ITEM_END.split(archive.read(shared))]
    if sum(lengths[number] for number in uses if number < len(lengths)) > limits.total_size:
        raise too_large()


@once_per_part(64)
def _uses_at_most(part: bytes) -> int:
    """No fewer than the cells that take a text from the table."""
    return part.count(b'"s"') + part.count(b"'s'")


def check_namespaces(archive: Archive, shared: str | None) -> None:
    """Check that nothing else stands in the shared texts. Raises Refused (无法读取): programs differ on it."""
    part = b"" if shared is None else archive.read(shared)
    root = _ROOT.search(part)
    if root is None or (_PREFIXED.search(part) is None and part.find(b"xmlns", root.end()) < 0):
        return
    own = None
    for element in elements(part, "*"):
        own = namespace(element.getroottree().getroot()) if own is None else own
        if namespace(element) != own:
            raise strange_contents()


def check_blanks(content: bytes, limits: Limits) -> None:
    """Check the repeated blanks of an OpenDocument content.xml. Raises Refused (展开过大)."""
    if sum(int(count) for count in _BLANKS.findall(content)) > limits.total_size:
        raise too_large()
