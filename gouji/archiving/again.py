"""The run of an archived round, done again over the unpacked originals with the same parameters and definitions."""

from __future__ import annotations

import shutil
from itertools import count, takewhile
from pathlib import Path
from typing import Annotated

import msgspec

from gouji.archiving.manifest import MANIFEST, RESULTS, ROUND, ArchiveError, Given, Manifest, layer_folder, shown
from gouji.export.outputs import USUAL
from gouji.export.terms import Terms
from gouji.files import Source, Unseen
from gouji.ingest.limits import Limits, LimitsError
from gouji.progress import Progress
from gouji.round.folder import RECEIPTS
from gouji.run_json import run_json
from gouji.templates.catalogue import Catalogue
from gouji.templates.taught import TAUGHT_FILE
from gouji.templates.text import file_name, sheet_text
from gouji.validate.review.log import LOG
from gouji.workers.tasks import Workers

_LEAST = Annotated[int, msgspec.Meta(gt=0)]


class Parameters(msgspec.Struct, frozen=True):
    """What the archived run was asked for (run.json, `parameters`)."""

    year: Annotated[int, msgspec.Meta(ge=1990, le=2199)] | None
    personal: bool
    limits: dict[str, _LEAST]
    terms: Terms = Terms()


class _File(msgspec.Struct, frozen=True):
    file: str
    sha256: str


class Archived(msgspec.Struct, frozen=True):
    """What a replay needs of run.json."""

    parameters: Parameters
    files: list[_File]
    outputs: dict[str, str]
    hashes: dict[str, str | None]
    unseen: list[Unseen] = []
    written: list[str] = msgspec.field(default_factory=lambda: list(USUAL))


def run_of(folder: Path, manifest: Manifest) -> Archived:
    """The statement of the archived run. Raises ArchiveError where the manifest says something else."""
    try:
        run = msgspec.json.decode(run_json(folder / RESULTS), type=Archived)
        Limits(**run.parameters.limits)
    except (OSError, msgspec.MsgspecError, TypeError, LimitsError, RecursionError) as error:
        raise ArchiveError("归档里的 run.json 无法读取，或来自别的版本，不能重算。") from error
    listed = [(sheet_text(record.file), record.sha256) for record in manifest.originals]
    if listed != [(record.file, record.sha256) for record in run.files]:
        raise ArchiveError(f"归档里的 run.json 与 {MANIFEST} 列出的原件不一致，归档被改动过，没有重算。")
    for record in manifest.members:
        output = record.name.removeprefix(f"{RESULTS}/")
        stated = run.outputs.get(output) if output != record.name and output not in manifest.changed else None
        if stated is not None and stated != record.sha256:
            raise ArchiveError(f"归档里的“{shown(output)}”不是这次运行写出的，归档被改动过，没有重算。")
    return run


def originals(folder: Path, manifest: Manifest) -> list[Source]:
    """The originals that the archive holds, under their true names, in their order."""
    return [Source(folder / original.member, original.file) for original in manifest.originals if original.member]


def run_again(
    folder: Path, out: Path, manifest: Manifest, archived: Archived, catalogue: Catalogue, workers: Workers,
    progress: Progress,
) -> None:  # fmt: skip
    """The pipeline over the unpacked originals, which writes into `out` what the archived run wrote.

    Raises whatever makes it impossible.
    """
    from gouji.pipeline import run

    beside, parameters = _beside(folder, manifest), archived.parameters
    receipts = folder / ROUND / RECEIPTS
    run(
        originals(folder, manifest), out, roster_path=beside.get("roster"), previous_path=beside.get("previous"),
        reference_path=beside.get("reference"), library_path=beside.get("library"), catalogue=catalogue,
        year=parameters.year, personal=parameters.personal,
        limits=Limits(**parameters.limits), workers=workers, progress=progress,
        log=folder / RESULTS / LOG, wordings=folder / RESULTS / TAUGHT_FILE, only=archived.written,
        unseen=archived.unseen, terms=parameters.terms, receipts=receipts if receipts.is_file() else None,
    )  # fmt: skip


def _beside(folder: Path, manifest: Manifest) -> dict[str, Path]:
    """Role → the file, under its own name as far as it is harmless; for last year's results, their folder."""
    places_by_role = {}
    for role in ("roster", "reference", "library", "previous"):
        members = [companion for companion in manifest.given if companion.role == role and companion.member]
        if members:
            member_places = [_placed(folder, companion) for companion in members]
            places_by_role[role] = member_places[0].parents[1] if role == "previous" else member_places[0]
    return places_by_role


def _placed(folder: Path, companion: Given) -> Path:
    inner = Path("previous", "data") if companion.role == "previous" else Path(companion.role)
    place = folder / "_given" / inner / file_name(companion.file)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / companion.member, place)
    return place


def archived_catalogue(folder: Path) -> Catalogue:
    """The forms of an unpacked archive, all of them loaded: for a worker, which may be lost over them, before anybody
    else meets them. Raises DefinitionError.
    """
    places = (folder / layer_folder(number) for number in count())
    catalogue = Catalogue.of(takewhile(Path.is_dir, places))
    _ = catalogue.supplements
    return catalogue
