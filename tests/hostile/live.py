"""What of a hostile file would still act in the outputs of a run: formulas, links, macros, pieces of pages."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from gouji.export.returned.copies import FOLDER
from gouji.ingest.files.xml import elements

_FUNCTIONS = {"IF", "COUNT", "SUM", "SUMPRODUCT", "ISNUMBER"}
"""All that the formulas of 汇总.xlsx are made of."""
_WORD = re.compile(r"[A-Za-z_.]{2,}(?=\()")
_SHEET = re.compile(r"'(?:[^']|'')*'!")
_PLAIN = re.compile(r"[A-Z0-9$:,()=/*\"-]*")
_CALLS_OUT = re.compile(r'\||\[[0-9]+\]|WEBSERVICE|HYPERLINK\((?!"#)|RTD|DDE|CALL\(|REGISTER', re.IGNORECASE)
_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?")
_OWN = f"{FOLDER}/"
"""What 汇总.xlsx may lead to: the marked copies."""
_ACTIVE = re.compile(
    r"vbaproject|externallink|activex|embeddings/(?!.*\.(?:xlsx|docx|pptx)$)|ctrlprops|connections|querytable",
    re.IGNORECASE,
)
"""Parts that act; a document that was put into a workbook does nothing until somebody opens it."""


def live(out: Path) -> Iterator[str]:
    """Everything in the folder of outputs that is more than text, figures and our own formulas."""
    for path in sorted(out.rglob("*.xlsx")):
        # A marked copy keeps the unit's own formulas, but none that calls out.
        harmless = _silent if FOLDER in path.relative_to(out).parts else _ours
        yield from (f"{path.name}: {what}" for what in _in_workbook(path, harmless))
    with (out / "findings.csv").open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.reader(opened):
            yield from (f"findings.csv: {cell[:60]}" for cell in row if _acts(cell))


def _acts(cell: str) -> bool:
    return cell.startswith(_LEADS) and not _NUMBER.fullmatch(cell)


def _in_workbook(path: Path, harmless: Callable[[str], bool]) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if _ACTIVE.search(name):
                yield name
            if name.endswith(".rels"):
                yield from (f"{name}: {target}" for target in _outside(part) if not target.startswith(_OWN))
            if name.startswith("xl/worksheets/sheet"):
                texts = {element.text or "" for element in elements(part, "f")}
                yield from (f"{name}: ={text[:60]}" for text in sorted(texts) if not harmless(text))


def _outside(part: bytes) -> list[str]:
    return [
        relation.get("Target", "")
        for relation in elements(part, "Relationship")
        if relation.get("TargetMode") == "External"
    ]


def _silent(formula: str) -> bool:
    return not _CALLS_OUT.search(formula)


def _ours(formula: str) -> bool:
    bare = _SHEET.sub("", formula)
    return _PLAIN.fullmatch(bare) is not None and set(_WORD.findall(bare)) <= _FUNCTIONS
