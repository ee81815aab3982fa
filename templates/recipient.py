"""Who gets an issued workbook: a unit of the roster (名册) and its projects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """项目编码 and 项目名称; the code may be empty."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """单位编码 and 单位名称 of a unit in a table of the bureau's own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """单位编码, 单位名称, 主管部门 (empty where the roster has none), and the unit's projects in order.

    `past_projects`: names of projects that had figures last year and are not on the roster any more. `units`: for
    the bureau's own tables, the units that they list.
    """

    unit_code: str
    unit: str
    department: str
    projects: tuple[Project, ...] = ()
    past_projects: tuple[str, ...] = ()
    units: tuple[Listed, ...] = ()
