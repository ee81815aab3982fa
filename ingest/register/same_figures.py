"""Whether two tables hold the same entries, whatever program saved them and in whatever cells."""

from __future__ import annotations

import hashlib

from gouji.ingest.values import Values
from gouji.templates.form import Form
from gouji.templates.labels import squeezed

_NOTHING = ("blank", "absent", "uncalculated")
_DIGITS = 12
"""Significant digits that every program keeps."""


def figures_digest(form: Form, values: Values) -> str:
    """A fingerprint of a table's contents; empty where nothing stands in it.

    A computed cell that holds 0 is as one without a result: some programs write the one for the other. The lines that
    name the unit do not count.
    """
    texts = [
        f"{item}={text}"
        for item, value, raw, state in zip(values.item, values.value, values.raw, values.state, strict=True)
        if state not in _NOTHING and not _head(form, item) and (text := _text(form, item, value, raw))
    ]
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:32] if texts else ""


def _head(form: Form, item: str) -> bool:
    return item in form.items and form.items[item].role is not None


def _text(form: Form, item: str, value: float | None, raw: str | None) -> str:
    if value is None:
        return squeezed(raw or "")
    return "" if value == 0 and item in form.computed else f"{value:.{_DIGITS}g}"
