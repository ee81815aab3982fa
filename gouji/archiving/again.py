"""The run of an archived round, done again over the unpacked originals with the same parameters.

`python -m gouji.archiving.again FOLDER OUT JOBS` does it in a process of its own, so that other definitions than
the installed ones can be used: they are chosen when the catalogue is loaded.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import msgspec

from gouji.archiving.manifest import DEFINITIONS, MANIFEST, RESULTS, ArchiveError, Given, Manifest, shown
from gouji.export.outputs import OUTPUTS
from gouji.export.terms import Terms
from gouji.files import Source, Unseen
from gouji.ingest.limits import Limits, LimitsError
from gouji.progress import Progress
from gouji.run_json import run_json
from gouji.templates.library import OTHER_FORMS
from gouji.templates.taught import TAUGHT_FILE
from gouji.templates.text import file_name, sheet_text
from gouji.validate.review.log import LOG
from gouji.workers.import_path import leave_out_current_folder
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
    written: list[str] = msgspec.field(default_factory=lambda: list(OUTPUTS))


def run_of(folder: Path, manifest: Manifest) -> Archived:
    """The statement of the archived run. Raises ArchiveError where the manifest says something else."""
    try:
        run = msgspec.json.decode(run_json(folder / RESULTS), type=Archived)
        Limits(**run.parameters.limits)
    except (OSError, msgspec.MsgspecError, TypeError, LimitsError, RecursionError) as error:
        raise ArchiveError("归档里的 run.json 无法读取，或来自别的版本，不能重算。") from error
    listed = [(sheet_text(one.file), one.sha256) for one in manifest.originals]
    if listed != [(one.file, one.sha256) for one in run.files]:
        raise ArchiveError(f"归档里的 run.json 与 {MANIFEST} 列出的原件不一致，归档被改动过，没有重算。")
    for one in manifest.members:
        output = one.name.removeprefix(f"{RESULTS}/")
        stated = run.outputs.get(output) if output != one.name and output not in manifest.changed else None
        if stated is not None and stated != one.sha256:
            raise ArchiveError(f"归档里的“{shown(output)}”不是这次运行写出的，归档被改动过，没有重算。")
    return run


def originals(folder: Path, manifest: Manifest) -> list[Source]:
    """The originals that the archive holds, under their true names, in their order."""
    return [Source(folder / one.member, one.file) for one in manifest.originals if one.member]


def run_again(
    folder: Path, out: Path, manifest: Manifest, archived: Archived, workers: Workers, progress: Progress
) -> None:
    """The pipeline over the unpacked originals, which writes into `out` what the archived run wrote.

    Raises whatever makes it impossible.
    """
    from gouji.pipeline import run

    beside, parameters = _beside(folder, manifest), archived.parameters
    run(
        originals(folder, manifest), out, roster_path=beside.get("roster"), previous_path=beside.get("previous"),
        reference_path=beside.get("reference"), year=parameters.year, personal=parameters.personal,
        limits=Limits(**parameters.limits), workers=workers, progress=progress,
        log=folder / RESULTS / LOG, wordings=folder / RESULTS / TAUGHT_FILE, only=archived.written,
        unseen=archived.unseen, terms=parameters.terms,
    )  # fmt: skip


def run_apart(folder: Path, out: Path, jobs: int | None) -> None:
    """`run_again` in a process of its own, by the archived definitions. Raises ArchiveError when it cannot."""
    leave_out_current_folder()
    environment = os.environ | {OTHER_FORMS: str(folder / DEFINITIONS)}
    command = [sys.executable, "-P", "-m", __name__, str(folder), str(out), str(jobs or 0)]
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        raise ArchiveError("按归档的表样定义重算没有完成，原因见上面的提示。")


def _beside(folder: Path, manifest: Manifest) -> dict[str, Path]:
    """Role → the file, under its own name as far as it is harmless; for last year's results, their folder."""
    found = {}
    for role in ("roster", "reference", "previous"):
        given = [one for one in manifest.given if one.role == role and one.member]
        if given:
            places = [_placed(folder, one) for one in given]
            found[role] = places[0].parents[1] if role == "previous" else places[0]
    return found


def _placed(folder: Path, given: Given) -> Path:
    inner = Path("previous", "data") if given.role == "previous" else Path(given.role)
    place = folder / "_given" / inner / file_name(given.file)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / given.member, place)
    return place


def definitions(folder: Path) -> dict[str, str]:
    """`表/版本` → hash of its definition, below a folder of definitions."""
    return {
        f"{path.parent.name}/{path.stem}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*.yaml"))
    }


def main(arguments: list[str]) -> int:
    """The work of `run_apart`, in its process."""
    from rich.console import Console

    from gouji.archiving.manifest import read_manifest
    from gouji.archiving.unpack import load_catalogue
    from gouji.failures import known, said
    from gouji.progress import progress_bar
    from gouji.workers.chosen import chosen
    from gouji.workers.handed_over import handed_over

    folder, out, jobs = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    try:
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        archived = run_of(folder, manifest)
        limits = Limits(**archived.parameters.limits)
        with chosen(jobs or None, None, limits) as workers, progress_bar(Console()) as progress:
            handed_over(workers, load_catalogue, folder / DEFINITIONS)  # before this process meets them
            run_again(folder, out, manifest, archived, workers, progress)
    except known() as error:
        print(said(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
