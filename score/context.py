"""What every scored edition has: its returns, where their figures come from, and whose each row is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gouji.score.columns import return_ids, years
from gouji.templates.form import Form
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.findings import Origin
from gouji.validate.possible import PossibleFigures
from gouji.validate.wide import Wide


@dataclass
class Context:
    """All returns of one edition, and where their figures come from."""

    wide: Wide
    tables: Tables

    @property
    def form(self) -> Form:
        return self.wide.form

    @cached_property
    def figures(self) -> ReturnFigures:
        """The leaves of the rates."""
        return PossibleFigures(self.wide, self.tables)

    @cached_property
    def origins(self) -> list[Origin]:
        return self.wide.origins

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        return return_ids(self.wide)

    @cached_property
    def years(self) -> list[int | None]:
        return years(self.wide)
