"""What a form's author says must hold: checks, projects that are tables of another form, evidence for scores."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from gouji.templates.model import Bounded, Kind, Layer, Model, Severity


class Check(Model):
    """A rule as its author writes it; `each` repeats it over amount columns, rows or the lines of a list.

    `words`: what it says, where that is not to be made from the rule; `basis`: why it is asked, where that is not what
    the form itself rests on. One that is not `active` is parsed with the definition and asked of nobody.
    """

    id: str
    rule: str
    each: str | list[str] | None = None
    severity: Severity
    layer: Layer = "表内"
    fills: bool = False
    optional: bool = False
    words: str | None = None
    basis: str | None = None
    active: bool = True


def _several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Several = Annotated[tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
"""Names, of which a single one may be written as it is."""


class ProjectTies(Model):
    """The lines of a list that are the projects of another form, and which figures of theirs are the same.

    `form`: alias of that form in `uses`. `columns`: column of the list → item of that form, or several of which one is
    to fit; all amounts. `parts`: the tables hold a part of their line's money, are found by code or name only, and none
    of them need be there.
    """

    list_id: str = Field(alias="list")
    form: str
    columns: dict[str, Several] = Field(min_length=1)
    parts: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """All items of that form."""
        return tuple(dict.fromkeys(item for items in self.columns.values() for item in items))


class Evidence(Bounded):
    """A figure that a scoring rule needs and no table of the edition holds (评分依据)."""

    kind: Kind
    label: str | None = None
