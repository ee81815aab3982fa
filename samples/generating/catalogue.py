"""The catalogue of faults: every kind by its Chinese name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from gouji.samples.generating.faults_cells import CELL_FAULTS
from gouji.samples.generating.faults_delivery import DELIVERY_FAULTS
from gouji.samples.generating.faults_figures import FIGURE_FAULTS
from gouji.samples.generating.faults_reports import REPORT_FAULTS, WHOLE_FAULTS
from gouji.samples.generating.faults_scores import SCORE_FAULTS
from gouji.samples.generating.faults_sheets import SHEET_FAULTS
from gouji.samples.generating.faults_special import SPECIAL_FAULTS
from gouji.samples.generating.more_keys import REPORT, SPECIAL, WHOLE
from gouji.samples.generating.planted import Spot
from gouji.samples.generating.tables import UnitReturn

Fault = Callable[[UnitReturn, Random], Spot]
"""Changes an honest return and says where the fault now is."""

CATALOGUE: Mapping[str, Fault] = {**FIGURE_FAULTS, **SCORE_FAULTS, **CELL_FAULTS, **DELIVERY_FAULTS}
"""Kinds of a batch of 基础数据表, 评分表 and 自评表."""

MORE_BY_FORM: Mapping[str, Mapping[str, Fault]] = {
    WHOLE[0]: WHOLE_FAULTS,
    REPORT[0]: REPORT_FAULTS,
    SPECIAL[0]: SPECIAL_FAULTS,
    **SHEET_FAULTS,
}
"""Form → the kinds that a batch over all forms has besides."""

MORE: Mapping[str, Fault] = {kind: fault for faults in MORE_BY_FORM.values() for kind, fault in faults.items()}
"""The same kinds, whatever their form."""

ALL: Mapping[str, Fault] = {**CATALOGUE, **MORE}
"""Every kind."""
