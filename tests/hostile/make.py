"""All hostile files: `python -m tests.hostile.make OUT`. The same bytes every time; nothing is taken from elsewhere."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tests.hostile import cells, documents, legacy, names, ours, pdfs, xmls, zips
from tests.hostile.base import good, zipped

CASES = zips.CASES | xmls.CASES | cells.CASES | ours.CASES | legacy.CASES | documents.CASES | pdfs.CASES
"""File name → how its bytes are made from the members of a good workbook."""


def case_names() -> list[str]:
    """The names of all cases, as the manifest has them."""
    return [*CASES, *names.ORDINARY, os.fsdecode(names.NOT_UTF8), *names.ODD]


def make_all(folder: Path) -> dict[str, Path]:
    """Every hostile file in `folder`, by name."""
    return {name: make(folder, name) for name in case_names()}


def make(folder: Path, name: str) -> Path:
    """The hostile file of that name in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if name in names.ODD:
        names.ODD[name](folder / name)
    else:
        case = CASES.get(name, zipped)
        (folder / name).write_bytes(case(good(1 + case_names().index(name))))
    return folder / name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    print(f"{len(make_all(parser.parse_args().out))} files")
