"""What acts in an .ods: scripts, events, links, objects, formulas that call out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.acting.formulas import calls_out
from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.acting.package import is_macro
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.package import ADDRESS
from gouji.ingest.files.xml import Element, elements, local
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name

_PARTS = (
    (Acting.MACRO, re.compile(r"(?:.*/)?(?:basic|scripts|dialogs)/(?!script-l[bc]\.xml$).*", re.IGNORECASE)),
    (Acting.RIBBON, re.compile(r"configurations2/(?:menubar|toolbar|popupmenu|toolpanel)/.*\.xml", re.IGNORECASE)),
)
_ELEMENTS = {
    "library-embedded": Acting.MACRO, "library-linked": Acting.MACRO, "module": Acting.MACRO,
    "event-listener": Acting.EVENT, "dde-link": Acting.DDE, "dde-source": Acting.DDE,
    "table-source": Acting.OTHER_BOOK, "cell-range-source": Acting.OTHER_BOOK,
    "database-source-sql": Acting.CONNECTION, "database-source-query": Acting.CONNECTION,
    "database-source-table": Acting.CONNECTION, "object-ole": Acting.OBJECT, "plugin": Acting.OBJECT,
    "applet": Acting.OBJECT, "floating-frame": Acting.OUTSIDE,
}  # fmt: skip
_FORMULAS = frozenset({"formula", "expression", "condition"})
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_WAITS = frozenset({"a", "template", "event-listener"})
"""Elements whose address nobody follows until somebody clicks."""
_WHOLE = 12 * 1024 * 1024
"""Content up to which elements come in the order in which they stand."""


def ods_acts(archive: Archive) -> Iterator[Act]:
    """All of it; never raises, for what is no XML holds nothing that a program would run."""
    for kind, pattern in _PARTS:
        yield from (Act(kind, name) for name in archive.names if pattern.fullmatch(name))
    for name in sorted(archive.compounds):
        yield Act(Acting.MACRO if is_macro(archive.read(name)) else Acting.OBJECT, name)
    for name in archive.names:
        if name.rpartition("/")[2].lower() in {"content.xml", "styles.xml"}:
            try:
                yield from _Content(name, archive.size(name) <= _WHOLE).acts(archive.read(name))
            except Refused:
                continue


class _Content:
    """The running place in a part: which table, which row, which column."""

    def __init__(self, part: str, in_order: bool) -> None:
        self._part, self._in_order = part, in_order
        self._table, self._row, self._next_row, self._column = "", 0, 0, 0

    def acts(self, xml: bytes) -> Iterator[Act]:
        for element in elements(xml, "*"):
            name = local(element.tag)
            if self._in_order:
                self._move(element, name)
            attributes = {local(key): str(value) for key, value in element.attrib.items()}
            kind = _ELEMENTS.get(name)
            if kind is not None:
                yield Act(kind, self._where())
            elif ADDRESS.match(attributes.get("href", "")) and name not in _WAITS:
                yield Act(Acting.OUTSIDE, self._where())
            for key in attributes.keys() & _FORMULAS:
                if (calling := calls_out(attributes[key], open_document=True)) is not None:
                    yield Act(calling, self._where())
            if name in _CELLS:
                self._column += _repeat(attributes, "number-columns-repeated") - 1

    def _move(self, element: Element, name: str) -> None:
        if name == "table":
            self._table = next((str(value) for key, value in element.attrib.items() if local(key) == "name"), "")
            self._next_row = 0
        elif name == "table-row":
            attributes = {local(key): str(value) for key, value in element.attrib.items()}
            self._row, self._column = self._next_row, -1
            self._next_row += _repeat(attributes, "number-rows-repeated")
        elif name in _CELLS:
            self._column += 1

    def _where(self) -> str:
        if not self._table:
            return self._part
        return f"{self._table}!{cell_name(self._row, max(self._column, 0))}"


def _repeat(attributes: dict[str, str], name: str) -> int:
    stated = attributes.get(name, "1")
    return int(stated) if stated.isdecimal() and 0 < len(stated) < 10 else 1
