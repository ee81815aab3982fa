"""What a returned copy (退回) says about itself: the very hidden sheet `_退回`, and the heads of its sheet 问题.

As with the identity sheet, what is read comes from a file from outside and is believed no further than its shape; that
a table was made of another one, only with a `Proof` that nobody can write who lacks the key of the round.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

RECORD_SHEET = "_退回"
ISSUES_SHEET = "问题"
HEADS = ("序号", "工作表", "单元格", "程度", "结论", "问题", "现为", "应为", "规则", "单位说明")
ID_HEAD = "问题编号"
"""Head of the hidden column with the findings' ids."""

RECORD_MARK, _VERSION = "gouji退回", "1"
"""What a record begins with."""
_ROUND, _ISSUES, _SOURCE, _PROOF, _FILL = "轮次", "问题表", "来源", "凭据", "底色"
_HASH = re.compile("[0-9a-f]{64}")
_COLOUR = re.compile("[0-9A-F]{8}")
_MOST_SOURCES, _MOST_PROOFS, _MOST_FILLS, RECORD_ROWS = 50, 300, 256, 620
_LONGEST = 2000
_MOST_ROUNDS = 9999
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Proof:
    """That a copy was made of a table: of which file (`source`, its hash), where in it, and of which unit.

    `table`: sheet and number, as in `ingest.return_row.table_id`. Texts are empty where nothing was known. `seal`: over
    all of it, under a key that never leaves the bureau (hex digits, empty where there was none).
    """

    source: str
    table: str
    unit_code: str
    unit: str
    seal: str = ""

    def sealed(self, key: str) -> str:
        """The seal that it has to have."""
        texts = (self.source, self.table, self.unit_code, self.unit)
        told = "\0".join(text.strip() for text in (RECORD_MARK, *texts))
        return hmac.new(key.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def holds(self, keys: Iterable[str]) -> bool:
        """Whether it was written by who has one of these keys."""
        return any(hmac.compare_digest(self.seal, self.sealed(key)) for key in keys)


@dataclass(frozen=True, slots=True)
class Record:
    """`sources`: hashes of the files that this one mends, the latest first, and their `proofs`; `issues`: name of the
    sheet 问题. `fills`: colour of a mark (ARGB) → the fill that the cell had before, as XML.
    """

    round: int = 1
    sources: tuple[str, ...] = ()
    issues: str = ISSUES_SHEET
    fills: Mapping[str, str] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()


def record_rows(record: Record) -> list[list[str]]:
    """The sheet `_退回` as rows of text."""
    return [
        [RECORD_MARK, _VERSION],
        [_ROUND, str(min(record.round, _MOST_ROUNDS))],
        [_ISSUES, record.issues],
        *([_SOURCE, source] for source in record.sources[:_MOST_SOURCES]),
        *([_FILL, colour, former] for colour, former in record.fills.items()),
        *([_PROOF, one.source, one.table, one.unit_code, one.unit, one.seal] for one in record.proofs[:_MOST_PROOFS]),
    ]


def read_record(rows: Sequence[Sequence[Any]]) -> Record | None:
    """What a sheet `_退回` states; None where it is none of ours, or no source is left on it."""
    texts = [[_text(value) for value in [*row[:_WIDTH], *[""] * _WIDTH][:_WIDTH]] for row in rows[:RECORD_ROWS]]
    if not texts or texts[0][:2] != [RECORD_MARK, _VERSION]:
        return None
    sources = tuple(value for key, value, *_ in texts if key == _SOURCE and _HASH.fullmatch(value))[:_MOST_SOURCES]
    rounds = [value for key, value, *_ in texts if key == _ROUND and value.isascii() and value.isdigit()]
    issues = [value for key, value, *_ in texts if key == _ISSUES and value]
    fills = {
        colour: former
        for key, colour, former, *_ in texts
        if key == _FILL and _COLOUR.fullmatch(colour) and len(former) <= _LONGEST
    }
    if not sources:
        return None
    sealed = [told for key, *told in texts if key == _PROOF and _HASH.fullmatch(told[-1])]
    round_ = int(rounds[0]) if rounds and len(rounds[0]) < 8 else 1
    return Record(
        round=min(max(round_, 1), _MOST_ROUNDS),
        sources=sources,
        issues=issues[0] if issues else ISSUES_SHEET,
        fills=dict(list(fills.items())[:_MOST_FILLS]),
        proofs=tuple(Proof(*told) for told in sealed[:_MOST_PROOFS] if told[0] in sources),
    )


def is_issues(rows: Sequence[Sequence[Any]], *, named: bool = False) -> int | None:
    """The number of the row with the heads of a sheet 问题 of ours; None where it is another sheet.

    `named`: the record names this sheet, so that it is known without its hidden column.
    """
    heads = {"规则", "单位说明", *([] if named else [ID_HEAD])}
    for number, row in enumerate(rows[:_HEADS_WITHIN]):
        texts = [value for value in row if isinstance(value, str)]
        if "规则" in "\n".join(texts) and heads <= {text.strip() for text in texts}:
            return number
    return None


_HEADS_WITHIN = 12


def _text(value: Any) -> str:
    """A cell as text; a program that turned a whole number into a figure is undone."""
    if value is None or isinstance(value, bool):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
