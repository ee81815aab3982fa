"""What the text of a report may say of a form's figures: the `narrative` block of a definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from gouji.templates.model import Model
from gouji.templates.rules.nodes import Node

_SIGNS = ("≤", "≥")


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


class Narrative(Model):
    """`texts`: items in which a unit reports in sentences; `figures`: what sentences state (`三公经费.预算`, see
    `ingest/narrative/phrases.yaml`) → the expression that it must equal, or one of several that it may equal. One that
    begins with ≤ or ≥ need not be equalled."""

    texts: list[str] = Field(default_factory=list)
    figures: dict[str, Annotated[list[str], BeforeValidator(_listed)]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a statement is held against: a sign and expressions, one of which is to fit."""

    sign: str
    nodes: tuple[Node, ...]


def spoken(given: list[str], parse: Callable[[str], Node]) -> Spoken:
    """The expressions of one entry of `figures`, parsed."""
    sign = next((sign for sign in _SIGNS if given[0].startswith(sign)), "=")
    return Spoken(sign, tuple(parse(text.removeprefix(sign).strip()) for text in given))
