"""All hostile files: `python -m tests.hostile.make OUT`. The same bytes every time; nothing is taken from elsewhere."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from tests.hostile import cells, legacy, names, ours, xmls, zips
from tests.hostile.base import good, zipped

CASES = zips.CASES | xmls.CASES | cells.CASES | ours.CASES | legacy.CASES
"""File name → how its bytes are made from the members of a good workbook."""


def case_names() -> list[str]:
    """The names of all cases, as the manifest has them."""
    return [*CASES, *names.ORDINARY, os.fsdecode(names.NOT_UTF8), *names.ODD]


def make_all(folder: Path) -> dict[str, Path]:
    """Every hostile file in `folder`, by name."""
    return {path.name: path for path in _made(folder)}


def _made(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    whole = dict.fromkeys([*names.ORDINARY, os.fsdecode(names.NOT_UTF8)], zipped)
    for number, (name, case) in enumerate((CASES | whole).items(), 1):
        path = folder / name
        path.write_bytes(case(good(number)))
        yield path
    for name, made in names.ODD.items():
        made(folder / name)
        yield folder / name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    print(f"{len(make_all(parser.parse_args().out))} files")
