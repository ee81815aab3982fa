"""`gouji replay`: an archive unpacked, its round run again, and the two compared."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gouji.archiving.again import Archived, archived_catalogue, run_again, run_of
from gouji.archiving.compare import Difference, compared
from gouji.archiving.manifest import DEFINITIONS, RESULTS, Absent, Manifest
from gouji.archiving.unpack import unpack
from gouji.export.tables import file_hash
from gouji.ingest.limits import MEGABYTE, Limits
from gouji.progress import Progress
from gouji.statement import program_version
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.layer import Edition
from gouji.validate.review.log import LOG, read_log
from gouji.workers.chosen import chosen, reader
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import Workers

_SWELLING = 20
"""Frames in memory : the archive that holds them, at most."""


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
        return all(difference.equal for difference in self.differences)

    @property
    def absent(self) -> list[Absent]:
        """What the archive lacks."""
        return self.manifest.absent


def replay(
    archive: Path, out: Path | None, workers: Workers | None, progress: Progress, *,
    jobs: int | None = None, opened: Callable[[Manifest, str], None] | None = None,
) -> Replayed:  # fmt: skip
    """Run the archived round again and compare; `out`: where its results go, if they are to be kept.

    The archived definitions are used, whatever is installed. `workers`: the processes, else `jobs` new ones. `opened`
    is called with the manifest and the hash of the archive once it has been checked. Raises ArchiveError, LogError and
    whatever makes a run impossible.
    """
    with tempfile.TemporaryDirectory() as place:
        folder, results = Path(place) / "archive", out or Path(place) / RESULTS
        folder.mkdir()
        with _reader(archive, workers) as process:
            unpacked = handed_over(process, partial(_unpacked, folder=folder), archive)
            manifest = unpacked.manifest
            if opened is not None:
                opened(manifest, unpacked.sha256)
            limits = Limits(**unpacked.run.parameters.limits)
            with chosen(jobs, None, limits) if workers is None else nullcontext(workers) as processes:
                run_again(
                    folder, results, manifest, unpacked.run, unpacked.catalogue or built_in(), processes, progress
                )
            aside = [original.file for original in manifest.originals if not original.member]
            differences = handed_over(process, partial(compared, rerun=results, aside=aside), folder / RESULTS)
        return Replayed(
            manifest=manifest,
            sha256=unpacked.sha256,
            year=unpacked.run.parameters.year,
            forms=None if unpacked.catalogue is None else _differing(unpacked.catalogue, built_in()),
            program=manifest.program == program_version(),
            aside=aside,
            decisions=unpacked.decisions,
            differences=differences,
        )


@dataclass(frozen=True)
class _Unpacked:
    """The contents of an archive; `catalogue`: its forms, if it holds them; all further fields as in `Replayed`."""

    manifest: Manifest
    sha256: str
    run: Archived
    catalogue: Catalogue | None
    decisions: int


def _unpacked(archive: Path, folder: Path) -> _Unpacked:
    """The archive, unpacked below `folder` and checked; runs in a worker."""
    sha256 = file_hash(archive)
    manifest = unpack(archive, folder)
    run = run_of(folder, manifest)
    catalogue = archived_catalogue(folder) if (folder / DEFINITIONS).is_dir() else None
    return _Unpacked(manifest, sha256, run, catalogue, len(read_log(folder / RESULTS / LOG)))


def _reader(archive: Path, workers: Workers | None) -> AbstractContextManager[Workers]:
    """Who opens the archive: bounded as for a return, and beyond that by how large it is."""
    if workers is not None:
        return nullcontext(workers)
    size, usual = archive.stat().st_size, Limits()
    limits = Limits(deadline=usual.deadline + size // MEGABYTE, memory=max(usual.memory, _SWELLING * size))
    return reader(limits, preloaded=True)


def _differing(archived: Catalogue, installed: Catalogue) -> list[str]:
    """`表/版本` of what is not the same in both."""
    archived_forms, installed_forms = _definitions(archived), _definitions(installed)
    return sorted(
        "/".join(edition)
        for edition in archived_forms.keys() | installed_forms.keys()
        if archived_forms.get(edition) != installed_forms.get(edition)
    )


def _definitions(catalogue: Catalogue) -> dict[Edition, list[bytes]]:
    """Every edition as the layers define it."""
    return {
        edition: [layer.files[name] for layer in catalogue.layers for name in layer.editions.get(edition, ())]
        for edition in catalogue.editions
    }
