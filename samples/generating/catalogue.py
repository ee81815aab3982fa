"""The catalogue of faults: every kind by its Chinese name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from samples.generating.faults_cells import CELL_FAULTS
from samples.generating.faults_delivery import DELIVERY_FAULTS
from samples.generating.faults_figures import FIGURE_FAULTS
from samples.generating.faults_scores import SCORE_FAULTS
from samples.generating.planted import Spot
from samples.generating.tables import UnitReturn

Fault = Callable[[UnitReturn, Random], Spot]
"""Changes an honest return and says where the fault now is."""

CATALOGUE: Mapping[str, Fault] = {**FIGURE_FAULTS, **SCORE_FAULTS, **CELL_FAULTS, **DELIVERY_FAULTS}
