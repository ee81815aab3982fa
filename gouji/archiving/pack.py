"""`gouji archive`: everything of a round in one zip. Equal contents give equal bytes."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pandas as pd

from gouji.archiving.manifest import (
    DEFINITIONS,
    FORMAT,
    GIVEN,
    MANIFEST,
    ORIGINALS,
    RESULTS,
    ROUND,
    RULES,
    VERSION,
    Absent,
    ArchiveError,
    Given,
    Manifest,
    Member,
    Original,
    layer_folder,
    listed,
    require_safe,
    write_manifest,
)
from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.findings_list import LIST_CSV, LIST_PARQUET
from gouji.export.outputs import SUMMARY, not_written
from gouji.export.tables import file_hash
from gouji.finished import REGISTER
from gouji.handbook import PAGES
from gouji.ingest.limits import Limits, LimitsError
from gouji.ingest.place import Place, contents
from gouji.ingest.refusal import Refused
from gouji.logged import log_line, read_kept_log
from gouji.results_folder import DECIDED
from gouji.round.folder import FINAL, RECEIPTS
from gouji.round.settings import SETTINGS_FILE
from gouji.statement import StatementError, gouji_version, read_place, read_statement
from gouji.templates.catalogue import Catalogue
from gouji.templates.replacing import replaced
from gouji.templates.taught import TAUGHT_FILE
from gouji.templates.text import sheet_text
from gouji.validate.review.log import LOG
from gouji.workers.handed_over import handed_over
from gouji.workers.here import Here
from gouji.workers.tasks import Workers

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the true ones would make every archive differ."""
_LEVEL = 6
_BLOCK = 1 << 20
_EXTENSIONS = {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb", ".csv", ".docx", ".docm"}
"""Extensions that a member keeps, so that it can be opened by a click; others say nothing true."""
_PACKED_ALREADY = {".xlsx", ".xlsm", ".ods", ".xlsb", ".docx", ".docm", ".parquet"}
_CHANGED, _GONE = "内容有变化", "找不到，或不能打开"
VERSIONS = "版本.txt"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member to be: its bytes, or where they are and which hash they must have (none: as they are)."""

    member: str
    called: str
    source: bytes | Place
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that was made; `log`: where its 审核记录 ends, as a line."""

    path: Path
    sha256: str
    manifest: Manifest
    log: str = ""


def archive_place(out: Path) -> Path:
    """Where the archive of a folder of results goes by default: beside it."""
    absolute = Path(os.path.abspath(out))
    return absolute.with_name(f"{absolute.name}-归档.zip")


def pack(
    out: Path, to: Path, catalogue: Catalogue, *, incomplete: bool = False, workers: Workers | None = None
) -> Packed:
    """Archive the round whose results are in `out`; `catalogue`: the forms that it was run by; `incomplete`: archive
    also without missing or changed files; `workers`: processes that read untrusted files (this process by default).

    Raises StatementError, LogError, ArchiveError (with what is missing, by name), FileExistsError rather than replace
    another archive, OSError.
    """
    run = read_statement(out)
    if run.get(DECIDED):
        raise StatementError(
            f"核对以后在桌面上写的意见和表样对照（{run[DECIDED]} 条），{SUMMARY} 等结果里还没有，没有归档。"
            "请先运行 gouji run。"
        )
    log = handed_over(workers or Here(), read_kept_log, out)
    plan = _Plan(out, run, catalogue)
    with replaced(to) as draft:
        with _Writer(draft) as writer:
            absent = plan.absent + [gone for entry in plan.entries() if (gone := writer.add(entry, plan.limits))]
            if absent and not incomplete:
                raise ArchiveError(_lacking(absent))
            manifest = plan.manifest(list(writer.members), absent)
            writer.finish(manifest)
        sha256 = file_hash(draft)
        if to.exists() and file_hash(to) != sha256:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(to))
    return Packed(to, sha256, manifest, log_line(log) if log else "")


def _lacking(absent: list[Absent]) -> str:
    return (
        f"没有归档：{len(absent)} 项与运行时不同或找不到：{listed(f'{gap.name}：{gap.reason}' for gap in absent)}\n"
        "请放回原处（或再运行一次）后重新归档；确实找不回的，加 --incomplete 归档其余部分，缺少的会记在归档清单里。"
    )


class _Plan:
    """What goes into the archive of a run. `absent`: what cannot, known without looking at the files."""

    def __init__(self, out: Path, run: dict[str, Any], catalogue: Catalogue) -> None:
        self._out, self._run, self._catalogue = out, run, catalogue
        try:
            asked, self._hashes = run["parameters"], run["hashes"]
            self.limits = Limits(**asked["limits"])
            self._files = [(file["file"], file["place"], file["sha256"], file["outcome"]) for file in run["files"]]
            self._given = [(entry["role"], entry["file"], entry["place"], entry["sha256"]) for entry in run["given"]]
        except (KeyError, TypeError, LimitsError) as error:
            raise ArchiveError(
                "这次运行是旧版本做的，run.json 里没有归档要用的参数，请用现在的版本再运行一次。"
            ) from error
        self._changed: list[str] = []
        self._defined = self._hashes.get("definitions") == catalogue.version
        self._summed = SUMMARY not in not_written(run)
        self.absent: list[Absent] = []
        if not self._defined:
            self.absent.append(Absent(name=DEFINITIONS, reason="运行以后改过，与结果不是一套"))
        if not self._summed:
            self.absent.append(Absent(name=SUMMARY, reason="这次运行没有写出（--only）"))

    def entries(self) -> list[_Entry]:
        """Every member but the manifest, by name."""
        rules = [_Entry(f"{RULES}/{name}", name, page(self._catalogue).encode()) for name, page in PAGES.items()]
        versions = _Entry(VERSIONS, VERSIONS, _installed().encode())
        parts = (self._originals(), self._beside(), self._of_round(), self._definitions(), self._results())
        entries = [*rules, versions, *chain.from_iterable(parts)]
        by_name = {entry.member: entry for entry in reversed(entries)}
        require_safe([*by_name, MANIFEST])
        return [by_name[name] for name in sorted(by_name)]

    def _originals(self) -> Iterator[_Entry]:
        for file, place, sha256, _ in self._files:
            if sha256:
                yield _Entry(_member(ORIGINALS, file, sha256), file, read_place(place), sha256)

    def _beside(self) -> Iterator[_Entry]:
        for _, file, place, sha256 in self._given:
            yield _Entry(_member(GIVEN, file, sha256), file, read_place(place), sha256)

    def _of_round(self) -> Iterator[_Entry]:
        """Settings and registers of the round whose results these are, as they are now."""
        folder = Path(os.path.abspath(self._out)).parent
        names = (SETTINGS_FILE, RECEIPTS, f"{FINAL}/{REGISTER}") if (folder / SETTINGS_FILE).is_file() else ()
        for name in names:
            if (folder / name).is_file():
                yield _Entry(f"{ROUND}/{PurePosixPath(name).name}", name, folder / name)

    def _definitions(self) -> Iterator[_Entry]:
        if self._defined:
            for number, layer in enumerate(self._catalogue.layers):
                for name, data in layer.files.items():
                    yield _Entry(f"{layer_folder(number)}/{name}", name, data)

    def _results(self) -> Iterator[_Entry]:
        outputs = dict(self._run["outputs"])
        yield _Entry(f"{RESULTS}/run.json", "run.json", self._out / "run.json")
        frames = [data_file(Path(), name).as_posix() for name in SCHEMAS]
        for name in [*frames, "findings.csv", LIST_CSV, LIST_PARQUET, LOG, TAUGHT_FILE]:
            if name in outputs or name in frames:
                yield _Entry(f"{RESULTS}/{name}", name, self._out / name, outputs.get(name, ""))
        if self._summed:
            self._changed = [SUMMARY] if _hash_of(self._out / SUMMARY) != outputs.get(SUMMARY) else []
            yield _Entry(f"{RESULTS}/{SUMMARY}", SUMMARY, self._out / SUMMARY)

    def manifest(self, members: list[Member], absent: list[Absent]) -> Manifest:
        """What came of it."""
        held = {member.name for member in members}
        exact = self._exact_names()

        def kept(folder: str, file: str, sha256: str) -> str:
            name = _member(folder, file, sha256)
            return name if name in held else ""

        return Manifest(
            format=FORMAT, version=VERSION, gouji=gouji_version(), program=str(self._hashes.get("program", "")),
            definitions=str(self._hashes.get("definitions", "")),
            originals=[
                Original(
                    file=exact.get(file, file), sha256=sha256, outcome=outcome,
                    member=kept(ORIGINALS, file, sha256) if sha256 else "",
                )
                for file, _, sha256, outcome in self._files
            ],
            given=[
                Given(role=role, file=file, sha256=sha256, member=kept(GIVEN, file, sha256))
                for role, file, _, sha256 in self._given
            ],
            members=members, absent=absent, changed=self._changed,
        )  # fmt: skip

    def _exact_names(self) -> dict[str, str]:
        """A name as it can be written → the name under which the file was read."""
        path = data_file(self._out, "returns")
        files = list(pd.read_parquet(path, columns=["file"])["file"].unique()) if path.exists() else []
        return {sheet_text(str(file)): str(file) for file in files}


def _member(folder: str, file: str, sha256: str) -> str:
    """By hash: whatever a returned file is called, its member's name is harmless."""
    extension = f".{file.rpartition('.')[2].lower()}" if "." in file else ""
    return f"{folder}/{sha256}{extension if extension in _EXTENSIONS | {'.parquet'} else ''}"


def _hash_of(path: Path) -> str | None:
    try:
        return file_hash(path)
    except OSError:
        return None


def _installed() -> str:
    """Every package of this installation with its version, as pip takes it."""
    packages = {f"{package.name}=={package.version}" for package in distributions() if package.name}
    return "\n".join(sorted(packages, key=str.lower)) + "\n"


class _Writer:
    """A zip in the making, and the hashes of what went into it."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        self.members: list[Member] = []

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, entry: _Entry, limits: Limits) -> Absent | None:
        """Write a member; a file that does not have its expected contents is left out and reported."""
        try:
            source = _opened(entry, limits)
        except (OSError, Refused):
            return Absent(name=entry.called, reason=_GONE)
        with source:
            size, sha256 = source.seek(0, os.SEEK_END), _digest(source)
            if entry.sha256 is not None and sha256 != entry.sha256:
                return Absent(name=entry.called, reason=_CHANGED)
            self._write(entry.member, source, size, sha256)
        self.members.append(Member(name=entry.member, sha256=sha256, size=size))
        return None

    def _write(self, name: str, source: IO[bytes], size: int, sha256: str) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.external_attr = 0o644 << 16
        info.create_system = 3  # else the system that it is made on would show
        packed = Path(name).suffix in _PACKED_ALREADY
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]
        info.file_size = size
        written = hashlib.sha256()
        source.seek(0)
        with self._zip.open(info, "w") as target:
            while block := source.read(_BLOCK):
                written.update(block)
                target.write(block)
        if written.hexdigest() != sha256:
            raise ArchiveError(f"“{name}”在归档时被改动，请关闭正在使用它的程序后重试。")

    def finish(self, manifest: Manifest) -> None:
        """The manifest, last."""
        self.add(_Entry(MANIFEST, MANIFEST, write_manifest(manifest)), Limits())


def _opened(entry: _Entry, limits: Limits) -> IO[bytes]:
    """The bytes of an entry. A returned file is read as it always is: whole, once, within bounds."""
    match entry.source:
        case bytes() as data:
            return io.BytesIO(data)
        case Path() as path if not entry.member.startswith(f"{ORIGINALS}/"):
            return path.open("rb")
        case place:
            return io.BytesIO(contents(place, limits))


def _digest(source: IO[bytes]) -> str:
    source.seek(0)
    return hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
