"""The parts of a package (.xlsx, .xlsm, .xlsb, .docx) that act, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from gouji.ingest.acting.kinds import Act, Acting
from gouji.ingest.files.bounds import xlsb_records
from gouji.ingest.files.cfb import CompoundFile
from gouji.ingest.files.package import Relation
from gouji.ingest.refusal import Refused


class Parts(Protocol):
    """A package, as far as it matters what its parts are."""

    @property
    def names(self) -> list[str]:
        """The parts in the order of the archive."""

    @property
    def compounds(self) -> frozenset[str]:
        """Those that are compound files: macros, objects."""

    def read(self, name: str) -> bytes:
        """The bytes of a part."""


class _Sign(NamedTuple):
    """How a kind of part is recognised: by its relation, by its content type, by its usual name."""

    kind: Acting
    relation: re.Pattern[str]
    type: re.Pattern[str]
    name: re.Pattern[str]


def _sign(kind: Acting, relation: str, type_: str, name: str) -> _Sign:
    return _Sign(kind, *(re.compile(pattern, re.IGNORECASE) for pattern in (relation, type_, name)))


_SIGNS = (
    _sign(Acting.MACRO, r"vba(?:project|data).*|wordvbadata", r"vba(?:project|data)",
          r"(?:.*/)?vba(?:project|data)[^/]*\.(?:bin|xml)"),
    _sign(Acting.MACRO_SHEET, r"xl(?:intl)?macrosheet|dialogsheet", r"macrosheet|dialogsheet",
          r"xl/(?:macrosheets|dialogsheets)/.*"),
    _sign(Acting.RIBBON, r"attachedtoolbars|extensibility|usercustomization", r"attachedtoolbars",
          r"customui/.*|usercustomization/.*|(?:xl|word)/attachedtoolbars\.bin"),
    _sign(Acting.ADD_IN, r"webextension(?:taskpanes)?", r"webextension", r"(?:xl|word)/webextensions/.*"),
    _sign(Acting.CONTROL, r"control|activexcontrolbinary", r"activex", r"(?:xl|word)/activex/.*"),
    _sign(Acting.OBJECT, r"oleobject", r"oleobject", r"(?:xl|word)/embeddings/(?!.*\.(?:xlsx|docx|pptx)$).*"),
    _sign(Acting.OTHER_BOOK, r"externallink", r"externallink", r"xl/externallinks/[^/]*"),
    _sign(Acting.CONNECTION, r"connections|querytable|powerpivotdata", r"\.connections(?:\+|$)|querytable",
          r"xl/(?:connections\.(?:xml|bin)|querytables/.*|model/.*)"),
    _sign(Acting.REVISION, r"revisionheaders|revisionlog", r"revision(?:headers|log)", r"xl/revisions/.*"),
    _sign(Acting.SIGNATURE, r"origin|signature", r"digital-signature", r"_xmlsignatures/.*"),
)  # fmt: skip
_DDE = re.compile(rb"<(?:[^<>\s/:]+:)?(?:ddeLink|oleLink)\b")
_LINK_RECORD = 360
"""BrtBeginSupBook ([MS-XLSB] 2.4.209) ; its kind is 0 for a workbook, else DDE or objects."""
_AT_OPENING = re.compile(rb"""\brefreshOnLoad\s*=\s*["'](?:1|true)["']""")
_DRAWING = re.compile(r"(?:vml|legacy|diagram)?drawing\w*|chartusershapes|ctrlprop", re.IGNORECASE)
_VBA_STREAM = "_vba_project"
_MODULE = b"Attribut\0e "
"""How the compressed text of a module begins ([MS-OVBA] 2.3.4.3)."""


def acting_parts(package: Parts, relations: list[tuple[str, Relation]], types: Mapping[str, str]) -> Iterator[Act]:
    """The parts that act; `types`: content type of each part, in small letters."""
    targets = tuple((relation.kind, relation.target) for _, relation in relations)
    named = tuple((name, types.get(name, "")) for name in package.names)
    acting: set[str] = set()
    for sign, parts in zip(_SIGNS, _signed(targets, named), strict=True):
        acting.update(parts)
        for part in parts:
            yield from _closer(sign.kind, part, package.read(part) if part in package.names else b"")
    for name in sorted(package.compounds - acting):
        yield Act(Acting.MACRO if is_macro(package.read(name)) else Acting.OBJECT, name)


@lru_cache(maxsize=16)
def _signed(targets: tuple[tuple[str, str], ...], named: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], ...]:
    """For each sign the parts that have it, by the kinds of relations to them, by their names and types."""
    return tuple(
        tuple(
            dict.fromkeys(
                [target for kind, target in targets if sign.relation.fullmatch(kind)]
                + [name for name, said in named if sign.name.fullmatch(name) or sign.type.search(said)]
            )
        )
        for sign in _SIGNS
    )


def _closer(kind: Acting, part: str, content: bytes) -> Iterator[Act]:
    """The act of a part, with details from its content: links that are DDE, connections that run at opening."""
    at_opening = kind is Acting.CONNECTION and _AT_OPENING.search(content) is not None
    yield Act(kind, f"{part}，打开时自动刷新" if at_opening else part)
    if kind is Acting.OTHER_BOOK and _is_dde(content):
        yield Act(Acting.DDE, part)


def _is_dde(link: bytes) -> bool:
    if link.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _DDE.search(link) is not None
    try:
        record, at, length = next(xlsb_records(link), (0, 0, 0))
    except Refused:
        return False
    return record == _LINK_RECORD and length >= 2 and link[at : at + 2] != bytes(2)


def drawings(names: Iterable[str], relations: Iterable[tuple[str, Relation]]) -> list[str]:
    """The parts with shapes and controls, of which each may have a macro, a link, a formula."""
    drawn = {relation.target for _, relation in relations if _DRAWING.fullmatch(relation.kind)}
    return [name for name in names if name in drawn or "/drawings/" in name.lower()]


def is_macro(compound: bytes) -> bool:
    """Whether a compound file holds macros; no other stream of it matters."""
    try:
        names = {name.casefold() for name in CompoundFile(compound).names}
    except Refused:
        names = set()
    return _VBA_STREAM in names or _MODULE in compound


def outside_parts(relations: list[tuple[str, Relation]]) -> Iterator[Act]:
    """The parts that take something from outside when they are opened. Links wait for a click."""
    for part, relation in relations:
        if relation.outside and relation.kind.lower() not in {"hyperlink", "externallinkpath", "externallinklongpath"}:
            yield Act(Acting.OUTSIDE, part)
