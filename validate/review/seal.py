"""The seal of a row of 问题清单: its contents when it was written, so that changes by people can be recognised.

Five parts, joined with `-`: marks of the figures, of the written columns and of the other texts, the hash of the
return's file, and the mark of the hidden id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gouji.templates.text import sheet_text
from gouji.validate.one_cause.words import own_words

_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """`figures`: of what was decided on; `written`, `told`: of the row's texts; `file`: SHA-256, empty if none;
    `whose`: of the hidden id that the row was written with."""

    figures: str = ""
    written: str = ""
    told: str = ""
    file: str = ""
    whose: str = ""

    def __str__(self) -> str:
        return "-".join((self.figures, self.written, self.told, self.file, self.whose))


def read_seal(text: str) -> Seal:
    """The seal as it stands in its cell; an empty one where somebody destroyed it."""
    parts = text.split("-")
    return Seal(*parts) if len(parts) == 5 else Seal()


def figures_mark(finding: dict[str, Any]) -> str:
    """Of the figures of a finding; of its sentence where it has none."""
    stated, expected = finding["stated"], finding["expected"]
    figures = [stated, expected] if stated is not None or expected is not None else [own_words(finding["message"])]
    return texts_mark([finding["verdict"], *figures])


def texts_mark(texts: Iterable[str | None]) -> str:
    """Of some texts in their order; nothing and an empty text are alike, as they are in a cell."""
    joined = "\x1f".join(sheet_text(text or "").strip() for text in texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:_LENGTH]
