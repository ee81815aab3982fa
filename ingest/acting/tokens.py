"""What a formula of an .xls or .xlsb calls, by its tokens."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from gouji.ingest.acting.formulas import ADDRESS
from gouji.ingest.acting.kinds import Acting
from gouji.ingest.files.formula_tokens import FUNCTION, FUNCTION_OF_MANY, TEXT, tokens

_CALLS = frozenset({95, 110, 149, 150, 178, 267, 379})
"""INITIATE, EXEC, REGISTER, CALL, EXECUTE, REGISTER.ID, RTD."""
_HYPERLINK = 359


def called(formula: bytes, lengths: Mapping[int, int]) -> Acting | None:
    """By what a formula reaches outside, up to a token that is unknown. Links to other workbooks stand elsewhere."""
    functions: set[int] = set()
    texts: list[str] = []
    for token in tokens(formula, lengths):
        if token.code == TEXT:
            texts.append(token.text)
        elif token.code in (FUNCTION, FUNCTION_OF_MANY) and len(token.body) >= 2:
            functions.add(struct.unpack_from("<H", token.body, token.code == FUNCTION_OF_MANY)[0] & 0x7FFF)
    if functions & _CALLS:
        return Acting.CALL
    linked = _HYPERLINK in functions and not any(text.startswith("#") for text in texts)
    return Acting.ADDRESS if linked or any(map(ADDRESS.match, texts)) else None
