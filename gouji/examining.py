"""One part of a batch checked and scored; runs in a worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.ipc

from gouji.export.private import without_personal
from gouji.export.stored import arrow
from gouji.ingest.packed import Body, unpack_body
from gouji.ingest.register.batch import Batch, values_frame
from gouji.ingest.values import Values
from gouji.parts import Part
from gouji.score.score import score
from gouji.validate.findings import finding_rows
from gouji.validate.narrative.belonging import paragraphs_of_file
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import check_part, verdicts_frame
from gouji.validate.whole_batch.aggregates import aggregates_of

FRAMES = ("values", "verdicts", "scores", "totals")
"""What comes of a part beside its findings, and is added to the data files as it comes."""


_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a part, as it travels from the worker and waits for its turn: its frames by name, as compressed
    streams of Arrow. Their texts repeat, so that they are a tenth of what the tables are in memory.
    """

    packed: dict[str, bytes]

    @classmethod
    def of(cls, frames: dict[str, pd.DataFrame]) -> Examined:
        """The frames, packed."""
        return cls({name: _stream(arrow(frame)) for name, frame in frames.items()})

    def only(self, names: Iterable[str]) -> Examined:
        """Some of its frames."""
        return Examined({name: self.packed[name] for name in names})

    def __getitem__(self, name: str) -> pa.Table:
        return pa.ipc.open_stream(self.packed[name]).read_all()


def _stream(table: pa.Table) -> bytes:
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, table.schema, options=_COMPRESSED) as stream:
        stream.write_table(table)
    return bytes(buffer.getvalue().to_pybytes())


def examine(part: Part) -> Examined:
    """The rows of every frame in FRAMES, `findings` without ids, `held` (tables that do not count after all), and the
    part's aggregates."""
    references = part.given
    values, paragraphs = _unpacked(part)
    checked = check_part(
        Batch(part.returns, values, references.year), references.catalogue, references.roster,
        previous=references.previous, reference=references.reference, settled=references.settled,
        no_projects=references.no_projects, library=references.library, paragraphs=paragraphs,
    )  # fmt: skip
    scored = score(checked.tables)
    findings = finding_rows([*checked.findings, *scored.findings])
    verdicts = verdicts_frame([checked.verdicts, scored.verdicts])
    aggregates = aggregates_of(checked.tables.wides, verdicts)
    if part.public:
        values, findings = without_personal(part.returns, values, findings, references.catalogue)
    frames: dict[str, pd.DataFrame] = {
        "values": values,
        "verdicts": verdicts,
        "scores": scored.scores,
        "totals": scored.totals,
        "findings": findings,
        "held": checked.held,
        **aggregates.frames(),
    }
    return Examined.of(frames)


def values_of(part: Part) -> pd.DataFrame:
    """The `values` frame of a part."""
    return _unpacked(part)[0]


def _unpacked(part: Part) -> tuple[pd.DataFrame, list[Paragraph]]:
    """The `values` frame, and the text beside the tables, each paragraph with the table to which it belongs."""
    bodies = {file: unpack_body(figures) for file, figures in part.figures.items()}
    paragraphs: list[Paragraph] = []
    written = part.returns[part.returns["file"].isin([file for file, body in bodies.items() if body.paragraphs])]
    for file, rows in written.groupby("file", sort=False):
        paragraphs += paragraphs_of_file(bodies[str(file)].paragraphs, rows, part.given.catalogue)
    return values_frame(_tables(part, bodies)), paragraphs


def _tables(part: Part, bodies: Mapping[str, Body]) -> Iterator[tuple[str, str, Values]]:
    """(return_id, sheet, values) of every table."""
    columns = (part.returns[name] for name in ("return_id", "file", "sheet"))
    for return_id, file, sheet, place in zip(*columns, part.places, strict=True):
        yield str(return_id), str(sheet), bodies[str(file)].values[place]
