"""退回: after checking, a copy of every file in which something is for its unit to mend or to explain."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.records import records_by
from gouji.export.returned.copies import Copies
from gouji.export.returned.document import is_document, mark_document, unmarked_document
from gouji.export.returned.findings_book import findings_book
from gouji.export.returned.mark_up import CannotMark, Mark, Stamp, mark_up
from gouji.export.returned.marks import SEVERITIES, ordered
from gouji.export.returned.parts import opened
from gouji.export.returned.unmark import unmarked
from gouji.export.words import ASK, MUST
from gouji.files import Source
from gouji.ingest.files.archive import Archive
from gouji.ingest.frames import ATTACHED, OURS, PACKED, UNSEEN
from gouji.ingest.limits import Limits
from gouji.ingest.place import contents
from gouji.ingest.refusal import Refused
from gouji.progress import Progress
from gouji.templates.addresses import on_sheet
from gouji.templates.returned import Proof
from gouji.templates.verdicts import DIFFERS, UNCHECKED
from gouji.workers.tasks import Lost, Workers, in_order

_OVER = {"已替代", "重复文件", ATTACHED, PACKED, OURS, UNSEEN}
"""Statuses of files that are answered for by another one, or are no return."""
_ASKING = (MUST, ASK)
"""Severities for which a file is given back; mere 提示 is marked in it beside them."""
_OF_RETURN = ["file", "sha256", "return_id", "unit_code", "unit", "status"]
"""All that is asked of a table: there are many, and every column takes its time."""
DOCUMENT = ".docx"
FAULT = "标注时出错"
_VERSIONS = "R-04"
"""Which of two files counts is said in a letter: neither is given back for that alone."""
_SHUT = {"无法读取", "已隔离"}
"""Statuses of files that nobody opens again."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy to be made: of which file, for whom, with which marks. `closed`: the file is not to be opened."""

    source: Source
    stamp: Stamp
    unit_code: str | None
    unit: str | None
    marks: list[Mark]
    closed: bool
    limits: Limits


@dataclass(frozen=True, slots=True)
class Made:
    """A copy: the marked file (empty: there is nothing to give back), or a list of our own and why (`reason`)."""

    data: bytes
    reason: str = ""
    extension: str = ".xlsx"


@dataclass(frozen=True)
class GivenBack:
    """What a run knows of the files that it may give back; `rounds`: see `ingest.batch.Register`; `key`: of the round,
    empty where nobody will take its copies back; `refused`: findings of which an auditor does not accept what their
    units have said."""

    returns: pd.DataFrame
    findings: pd.DataFrame
    sources: Sequence[Source]
    rounds: Mapping[str, int]
    key: str = ""
    refused: frozenset[str] = frozenset()


def return_copies(
    batch: GivenBack, folder: Path, workers: Workers, progress: Progress, limits: Limits | None = None, *,
    clean: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Write the copies into `folder`, each over none of the others; returns what was made, for run.json.

    `clean`: a copy that came back and in which nothing is left to mend is written too, without its marks. Raises
    OSError.
    """
    findings = batch.findings
    asked = findings[findings["verdict"].isin([DIFFERS, UNCHECKED]) & findings["severity"].isin(SEVERITIES)]
    files = _to_return(batch, asked, clean=clean)
    folder.mkdir(parents=True, exist_ok=True)
    progress.begin("退回", len(files))
    names, made_of, counts = Copies(), [], Counter[str]()
    for copy, result in in_order(workers, make_copy, _copies(files, batch, asked, limits or Limits())):
        output = _list_of(copy, f"标注时程序中断（{result}）") if isinstance(result, Lost) else result
        progress.advance(1)
        if not output.data:
            continue
        marked = not output.reason
        place = names.name(copy.unit_code, copy.unit, copy.source.name, marked=marked, extension=output.extension)
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(output.data)
        counts["listed" if output.reason else "marked" if copy.marks else "clean"] += 1
        reason = {"reason": output.reason} if output.reason else {}
        made_of.append({"file": copy.source.name, "copy": str(place)} | reason)
    return {name: counts[name] for name in ("marked", "listed", *(["clean"] if clean else []))} | {"copies": made_of}


def _to_return(batch: GivenBack, findings: pd.DataFrame, *, clean: bool) -> list[Source]:
    """The files that count and in which something is to be mended or still to be explained, in their order; with
    `clean` also those with mere 提示 and those that came back."""
    counting = set(batch.returns.loc[~batch.returns["status"].isin(_OVER), "file"])
    open_ = findings["explanation"].isna() | findings["finding_id"].isin(batch.refused)
    grave = findings["severity"].isin(_ASKING) & findings["rule"].ne(_VERSIONS)
    asking = findings if clean else findings[grave & open_]
    asked = set(asking["file"].dropna()) | (set(batch.rounds) if clean else set())
    chosen = counting & asked
    return [source for source in batch.sources if source.name in chosen]


def _copies(files: Sequence[Source], batch: GivenBack, findings: pd.DataFrame, limits: Limits) -> Iterator[Copy]:
    """The copies of these files, each made up only when its turn comes."""
    names = {source.name for source in files}
    rows_of = records_by(batch.returns.loc[batch.returns["file"].isin(names), _OF_RETURN], "file")
    findings_of = records_by(findings.loc[findings["file"].isin(names), ["file", *Mark.__slots__]], "file")
    for source in files:
        rows = rows_of[source.name]
        first = next((row for row in rows if row["unit"] is not None), rows[0])
        yield Copy(
            source=source,
            stamp=Stamp(first["sha256"], batch.rounds.get(source.name, 1) + 1, _proofs(rows, batch.key)),
            unit_code=first["unit_code"],
            unit=first["unit"],
            marks=_marks(findings_of.get(source.name, [])),
            closed={row["status"] for row in rows} <= _SHUT,
            limits=limits,
        )


def _proofs(rows: list[dict[str, Any]], key: str) -> tuple[Proof, ...]:
    """What the copy of a file with these rows is known by when it comes back."""
    proofs = (
        Proof(row["sha256"], row["return_id"].partition("#")[2], row["unit_code"] or "", row["unit"] or "")
        for row in (rows if key else ())
    )
    return tuple(replace(proof, seal=proof.sealed(key)) for proof in proofs)


def make_copy(copy: Copy) -> Made:
    """The copy of one file; runs in a worker."""
    if copy.closed:
        return _list_of(copy, "文件无法读取")
    try:
        data = contents(copy.source.path, copy.limits)
        if hashlib.sha256(data).hexdigest() != copy.stamp.sha256:
            return _list_of(copy, "文件在读取以后有改动")
        archive = opened(data, copy.limits)
        if is_document(archive):
            return _document_copy(copy, archive)
        if not copy.marks:
            return Made(unmarked(archive, copy.limits) or b"")
        return Made(mark_up(archive, copy.marks, copy.stamp, copy.unit or "", copy.limits))
    except (CannotMark, Refused) as error:
        return _list_of(copy, str(getattr(error, "reason", error)).rstrip("。"))
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours in one file shall not cost a whole batch its results
        return _list_of(copy, f"{FAULT}（{type(error).__name__}）")


def _document_copy(copy: Copy, archive: Archive) -> Made:
    if not copy.marks:
        return Made(unmarked_document(archive, copy.limits) or b"", extension=DOCUMENT)
    return Made(mark_document(archive, copy.marks, copy.stamp, copy.unit or "", copy.limits), extension=DOCUMENT)


def _list_of(copy: Copy, reason: str) -> Made:
    if not copy.marks:
        return Made(b"")
    return Made(findings_book(ordered(copy.marks), copy.source.name, copy.unit or "", reason), reason)


def _marks(findings: list[dict[str, Any]]) -> list[Mark]:
    return [Mark(**({name: row[name] for name in Mark.__slots__} | _standing(row))) for row in findings]


def _standing(finding: Mapping[str, str | None]) -> dict[str, str]:
    """The sheet and the cell to mark: of a table over several sheets, the sheet on which the cell is."""
    if finding["sheet"] is None or finding["cell"] is None:
        return {}
    return dict(zip(("sheet", "cell"), on_sheet(finding["sheet"], finding["cell"]), strict=True))
