"""The one gate for all text on its way into a workbook, a csv file or a page, and for sheet and file names.

What comes in may be anything that a returned file holds; what goes out can neither become a formula nor break
the file. Texts are only cleaned here, never interpreted.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Collection

MAX_CELL = 32_767
"""Characters (UTF-16 units) that an Excel cell holds."""
MAX_SHEET_NAME = 31
MAX_FILE_NAME = 120
"""Bytes of UTF-8. Linux allows 255; marks and temporary endings are added to names later."""
CUT_MARK = "……（内容过长，后面的已略去）"

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""All that `sheet_text` changes: hardly any text has it, and one look at millions of texts is faster than five."""
_FORMULA_LEADS = frozenset("=+-@＝＋－＠")
_RAW_LEADS = frozenset("\t\r\n")
# Excel's Chinese and Japanese versions refuse the full-width signs as well.
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\［］：＊？／＼]")
_NOT_IN_FILE_NAME = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_MAX_EXTENSION = 10


def sheet_text(text: str) -> str:
    """Text fit for a cell: no control characters but line feeds, no lone surrogates, 32,767 characters.

    CR LF and CR become LF, a tab becomes a space. A text that is too long is cut and says so at its end.
    """
    if _UNCLEAN.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    # No sign is longer than two units.
    fits = len(text) <= MAX_CELL // 2 or _units(text) <= MAX_CELL
    return text if fits else _cut(text, MAX_CELL - len(CUT_MARK)) + CUT_MARK


def shortened(text: str, units: int) -> str:
    """As `sheet_text`, of at most so many UTF-16 units: a longer text ends in ……"""
    clean = sheet_text(text)
    return clean if _units(clean) <= units else _cut(clean, units - 2) + "……"


def csv_text(text: str) -> str:
    """Text fit for a csv cell: as `sheet_text`, with `'` before what would be taken for a formula."""
    clean = sheet_text(text)
    return f"'{clean}" if begins_like_formula(text) or begins_like_formula(clean) else clean


def html_text(text: str) -> str:
    """Text fit for a page: as `sheet_text`, with `& < > " '` escaped."""
    return html.escape(sheet_text(text), quote=True)


def sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """A name that Excel accepts for a sheet and none of `taken` has (case and width make no difference).

    At most 31 characters; a name already taken gets （2）, （3）…
    """
    clean = _NOT_IN_SHEET_NAME.sub("_", sheet_text(name).replace("\n", " ")).strip(" '")
    clean = _cut(clean, MAX_SHEET_NAME).rstrip(" '") or "表"
    used = {_folded(one) for one in taken} | {"history"}
    candidate, number = clean, 1
    while _folded(candidate) in used:
        number += 1
        ending = f"（{number}）"
        candidate = _cut(clean, MAX_SHEET_NAME - len(ending)) + ending
    return candidate


def file_name(name: str) -> str:
    """A file name (without folder) that Windows and Linux accept, never hidden, an option or a lock file.

    At most 120 bytes of UTF-8; a longer one keeps its extension and gets a fingerprint, so that two long
    names do not fall together.
    """
    clean = unicodedata.normalize("NFC", sheet_text(name))
    clean = "".join(sign for sign in clean if unicodedata.category(sign) != "Cf")
    clean = _NOT_IN_FILE_NAME.sub("_", clean.replace("\n", " "))
    clean = clean.lstrip(" .~-").rstrip(" .") or "未命名"
    if _RESERVED.fullmatch(clean.split(".", 1)[0].rstrip()):
        clean = f"_{clean}"
    return clean if len(clean.encode()) <= MAX_FILE_NAME else _short_file_name(clean)


def begins_like_formula(text: str) -> bool:
    """Whether a program that meets the text in a cell would calculate it."""
    # Spreadsheets skip blanks in front of a formula, so the first sign that is none counts as well.
    return text[:1] in _RAW_LEADS or text.lstrip()[:1] in _FORMULA_LEADS if text else False


def _units(text: str) -> int:
    """Length as Excel counts it: UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def _cut(text: str, units: int) -> str:
    """The longest beginning of at most so many UTF-16 units."""
    cut = text[:units]
    while _units(cut) > units:
        cut = cut[: len(cut) - (_units(cut) - units + 1) // 2]
    return cut


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _short_file_name(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    ending = f"{dot}{extension}" if stem and len(extension.encode()) <= _MAX_EXTENSION else ""
    mark = f"_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    room = MAX_FILE_NAME - len((mark + ending).encode())
    kept = (stem if ending else name).encode()[:room].decode(errors="ignore")
    return f"{kept.rstrip(' .')}{mark}{ending}"
