"""manifest.yaml: the verdict that each hostile file must get, and where the program gives another one today."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.hostile.judging import Verdict


@dataclass(frozen=True)
class Expected:
    """`right`: what is right; `now`: what is expected today, which differs while a fault is known and not mended."""

    right: Verdict
    now: Verdict


def label(name: str) -> str:
    """A file's name as the manifest writes it, where the name is not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_manifest() -> dict[str, Expected]:
    """Every case by its label. Raises ValueError when one is listed twice."""
    document = YAML(typ="safe").load(Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8"))
    right = _by_file(document["cases"])
    now = _by_file(document["known_wrong"])
    return {name: Expected(verdict, now.get(name, verdict)) for name, verdict in right.items()}


def _by_file(groups: list[dict[str, Any]]) -> dict[str, Verdict]:
    by_name: dict[str, Verdict] = {}
    for group in groups:
        for name in group["files"]:
            if name in by_name:
                raise ValueError(f"listed twice: {name}")
            by_name[name] = _verdict(group)
    return by_name


def _verdict(group: dict[str, Any]) -> Verdict:
    return Verdict(group["verdict"], tuple(group.get("told", ())), group.get("cells", {}))
