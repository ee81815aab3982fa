"""表样对照: what the people of a county said that labels on their sheets mean, each for one edition of one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gouji.templates.labels import label_key, one_line, unnumbered

TAUGHT_FILE = "表样对照.yaml"


@dataclass(frozen=True, slots=True)
class Taught:
    """A label of the sheet (`label`), the labels of the definition that it stands for, and those that it never is.

    `counted`: whether a row of that label, beyond the definition, is a part of its block's sums; None: nobody said.
    """

    form: str
    edition: str
    label: str
    read_as: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    counted: bool | None = None

    @property
    def key(self) -> str:
        """What is compared of the label."""
        return label_key(self.label)

    @property
    def wording(self) -> tuple[str, str, str]:
        """What is asked once: a label of one edition of one form."""
        return self.form, self.edition, self.key


def of_form(taught: Iterable[Taught], form: str, edition: str) -> tuple[Taught, ...]:
    """What was said of one edition, in an order that does not depend on who said it first."""
    return tuple(sorted((one for one in taught if (one.form, one.edition) == (form, edition)), key=lambda one: one.key))


def shown_label(label: str) -> str:
    """A label of a definition as people read and write it: on one line, the years by their words."""
    named = label.replace("{年}年", "本年").replace("{上年}年", "上年").replace("{年}", "").replace("{上年}", "")
    return unnumbered(one_line(named).rstrip(":："))
