"""What becomes of a file that is read and then marked up, as a run does both; runs in a worker."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gouji.ingest.admit import Refused
from gouji.ingest.place import contents
from gouji.ingest.read import read_workbook
from gouji.returning import Copy, make_copy


@dataclass(frozen=True)
class Tried:
    """`reason`: why the file was not marked; `fit`: whether the copy is read, and has neither macros nor links."""

    reason: str
    fit: bool


def try_copy(copy: Copy) -> Tried:
    """The copy made and read."""
    try:
        read_workbook(contents(copy.source.path), copy.source.name)
    except Refused:
        copy = replace(copy, closed=True)
    made = make_copy(copy)
    try:
        workbook = read_workbook(made.data, f"甲{made.extension}")
    except Refused as error:
        return Tried(f"{made.reason}{error}", fit=False)
    if made.extension == ".docx":
        # In front stand the record and the list; a document that was drawn in is told of, and was never read.
        notes = [note for note in workbook.notes if "没有读取" not in note]
        return Tried(made.reason, [sheet.name for sheet in workbook.sheets[:2]] == ["_退回", "问题"] and not notes)
    return Tried(made.reason, workbook.sheets[0].name.startswith("问题") and not workbook.notes)
