"""Formulas that call out: another workbook, a DDE server, the network, a program, an address."""

from __future__ import annotations

import re
from collections.abc import Callable

from gouji.ingest.acting.kinds import Acting

_SIGNS = (
    b"[", b"|", b"WEBSERVICE", b"RTD", b"CALL", b"REGISTER", b"EXEC", b"IMAGE", b"HYPERLINK",
    b"DDE", b"://", b":\\", b"\\\\", b"MAILTO", b"JAVASCRIPT",
)  # fmt: skip
_ODD_TAG = re.compile(rb"<[!?]")
_DECLARED = len(b"\xef\xbb\xbf<?")
"""Bytes within which the declaration of a part begins; any other instruction may split a word."""
_FORMULA = re.compile(
    rb"<(?:[^<>\s/:]+:)?(?:f|[fF]ormula[12]?|calculatedColumnFormula|totalsRowFormula)\b[^<>]*>([^<]+)"
)
"""What stands behind the tag of an element that holds a formula, and more where a `>` stands in the tag itself."""
_FORMULA_OF_CELL = re.compile(rb"<f\b[^<>]*+>([^<]++)")
"""The same where no other element can: neither with a prefix nor with another name."""
_OTHER_FORMULAS = (b":f", b"ormula")
_NAME_OF_ITS_OWN = b"definedName"
"""What may be a macro by its name alone."""
_ROW_END = b"</row>"
_DIGITS = b"0123456789"
_ORDINARY = re.compile(rb"""HIDDEN|HYPERLINK\((?:"|&QUOT;)#""")
"""What has such signs in it and reaches nowhere: hidden rows in a name, a link to a place of the workbook."""
# A text, a name in quotes, a pair of brackets in which ' frees the next character. Each takes what it begins with,
# whether it ends or not, so that a formula is gone through once.
_TOKENS = re.compile(r""""(?:[^"]|"")*+"?+|'(?:[^']|'')*+'?+|\[(?:[^\[\]']|'.?)*+\]?+""", re.DOTALL)
_TEXT, _PLACE_TEXT, _ADDRESS_TEXT, _NAME, _FOREIGN, _BRACKETS = "\x01\x02\x03\x04\x05\x06"
"""What stands for a token: a text, one that begins with #, an address, a name, one that no sheet can have, brackets."""
_CALLED_BY = re.compile(r"(?:\b|\.)(WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|DDE)\s*\(", re.IGNORECASE)
_LINKED = re.compile(rf"\bHYPERLINK\s*\((?!\s*{_PLACE_TEXT})", re.IGNORECASE)
_OF_ANOTHER_BOOK = re.compile(rf"{_BRACKETS}[^{_BRACKETS}{_NAME}{_FOREIGN}(),;+*/^%&<>=\s-]*!|{_FOREIGN}\s*!")
_FOREIGN_PLACE = re.compile(rf"{_FOREIGN}\s*#")
_NO_SHEET = re.compile(r"[\[\]\\/|]")
"""Characters that the name of a sheet cannot have, and a path or an address does."""
ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]{1,20}:(?://|\\\\)|mailto:|javascript:|\\\\|//\w|[a-z]:\\)", re.IGNORECASE)
_IN_OPEN_DOCUMENT = re.compile(r"\s*'[^']*'#|\s*\w+:/")


def may_call_out(xml: bytes) -> bool:
    """Whether any formula or defined name of a part may: most parts have thousands, and none that does.

    A part is looked through row by row, and a row that is known from another part is not looked at again: workbooks of
    one template have most of theirs in common. No formula is lost between two rows, for none has a tag within it.
    """
    first, *rows = xml.split(_ROW_END)
    new = _quiet_rows.unknown(rows)
    if _calls(_ROW_END.join([first, *new])):
        return True
    _quiet_rows.keep(new)
    return False


class _Quiet:
    """Rows or formulas in which nothing calls out, up to a size; when they become too many, all are forgotten."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._known: set[bytes] = set()

    def unknown(self, pieces: list[bytes]) -> set[bytes]:
        """Those that are not known yet, each once."""
        return set(pieces) - self._known

    def keep(self, pieces: set[bytes]) -> None:
        """From now on they are known."""
        size = sum(map(len, pieces))
        if self._size + size > self._most:
            self._known, self._size = set(), 0
        if size <= self._most:
            self._known |= pieces
            self._size += size


_quiet_rows, _quiet_formulas = _Quiet(16 * 1024 * 1024), _Quiet(8 * 1024 * 1024)


def _calls(xml: bytes) -> bool:
    if b"&#" in xml or b"<!" in xml[: _DECLARED + 1] or _ODD_TAG.search(xml, _DECLARED) or _NAME_OF_ITS_OWN in xml:
        return True
    pattern = _FORMULA if any(opening in xml for opening in _OTHER_FORMULAS) else _FORMULA_OF_CELL
    # Rows that a program has calculated differ in their results from unit to unit, but not in their formulas.
    new = _quiet_formulas.unknown(pattern.findall(xml))
    # Most differ in the numbers of their rows only, and no sign has a digit.
    alike = set(b"\n".join(new).translate(None, _DIGITS).split(b"\n"))
    formulas = _ORDINARY.sub(b"", b"\n".join(alike).upper())
    if any(sign in formulas for sign in _SIGNS):
        return True
    _quiet_formulas.keep(new)
    return False


def calls_out(formula: str, *, open_document: bool = False) -> Acting | None:
    """The way in which a formula reaches outside its workbook; None where it does not. Takes linear time.

    `open_document`: whether its references stand in brackets, as those of .ods do.
    """
    kinds: list[Acting] = []
    bare = _TOKENS.sub(_sign(kinds, open_document), formula)
    called = {match[1].upper() for match in _CALLED_BY.finditer(bare)}
    if "DDE" in called or ("|" in bare and not open_document):
        kinds.append(Acting.DDE)
    if called - {"DDE"}:
        kinds.append(Acting.CALL)
    if (_FOREIGN_PLACE if open_document else _OF_ANOTHER_BOOK).search(bare) is not None:
        kinds.append(Acting.OTHER_BOOK)
    if _ADDRESS_TEXT in bare or _LINKED.search(bare) is not None:
        kinds.append(Acting.ADDRESS)
    return next((kind for kind in Acting if kind in kinds), None) if kinds else None


def _sign(kinds: list[Acting], open_document: bool) -> Callable[[re.Match[str]], str]:
    def sign(token: re.Match[str]) -> str:
        text = token[0]
        if text[0] == '"':
            within = text[1:]
            return _PLACE_TEXT if within.startswith("#") else _ADDRESS_TEXT if ADDRESS.match(within) else _TEXT
        if text[0] == "'":
            return _FOREIGN if _NO_SHEET.search(text) else _NAME
        closed = text[-1] == "]"
        if (closed and open_document and _IN_OPEN_DOCUMENT.match(text, 1)) or (not closed and text[1:].strip()):
            # Another document, or brackets that do not end: no program writes that, and programs read it differently.
            kinds.append(Acting.OTHER_BOOK)
        return _BRACKETS if closed else ""

    return sign
