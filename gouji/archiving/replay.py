"""`gouji replay`: an archive unpacked, its round run again, and the two compared."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from export.tables import file_hash
from gouji.archiving.again import definitions, run_again, run_apart, run_of
from gouji.archiving.compare import Difference, compared
from gouji.archiving.manifest import DEFINITIONS, RESULTS, Absent, Manifest
from gouji.archiving.unpack import unpack
from gouji.progress import Progress
from gouji.statement import program_version
from gouji.workers.tasks import Workers
from templates.library import FORMS
from validate.review.log import LOG, read_log


@dataclass(frozen=True)
class Replayed:
    """What came of a replay.

    `forms`: `表/版本` of the definitions that are not as installed (the archived ones were used), None where the
    archive holds none; `program`: whether the code is that of the archived run; `aside`: files that the archive does
    not hold, whose rows were left out; `decisions`: entries of the log, whose chain holds.
    """

    manifest: Manifest
    sha256: str
    year: int | None
    forms: list[str] | None
    program: bool
    aside: list[str]
    decisions: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether the round came out as it is archived."""
        return all(one.equal for one in self.differences)

    @property
    def absent(self) -> list[Absent]:
        """What the archive lacks."""
        return self.manifest.absent


def replay(
    archive: Path, out: Path | None, workers: Workers | None, progress: Progress, *,
    jobs: int | None = None, opened: Callable[[Manifest, str], None] | None = None,
) -> Replayed:  # fmt: skip
    """Run the archived round again and compare; `out`: where its results go, if they are to be kept.

    `workers`: who does it, where the installed definitions are those of the archive; else `jobs` processes of another
    one do. `opened` is told of the archive once it has been checked. Raises ArchiveError, LogError and whatever makes a
    run impossible.
    """
    with tempfile.TemporaryDirectory() as place:
        folder, results = Path(place) / "archive", out or Path(place) / RESULTS
        folder.mkdir()
        sha256 = file_hash(archive)
        manifest = unpack(archive, folder)
        run = run_of(folder, manifest)
        decisions = len(read_log(folder / RESULTS / LOG))
        if opened is not None:
            opened(manifest, sha256)
        forms = _other_forms(folder)
        if forms or workers is None:
            run_apart(folder, results, jobs)
        else:
            run_again(folder, results, manifest, run, workers, progress)
        aside = [one.file for one in manifest.originals if not one.member]
        return Replayed(
            manifest=manifest,
            sha256=sha256,
            year=run.parameters.year,
            forms=forms,
            program=manifest.program == program_version(),
            aside=aside,
            decisions=decisions,
            differences=compared(folder / RESULTS, results, aside),
        )


def _other_forms(folder: Path) -> list[str] | None:
    """The definitions that differ from the installed ones; None where the archive holds none."""
    archived, installed = definitions(folder / DEFINITIONS), definitions(FORMS)
    if not archived:
        return None
    return sorted(name for name in archived.keys() | installed.keys() if archived.get(name) != installed.get(name))
