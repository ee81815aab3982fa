"""One kit: wheels with their hashes, what installs and opens them, a page to begin with, in one zip."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, StrictUndefined
from packaging.utils import parse_wheel_filename

from gouji.offline_kit.targets import GLIBC, Target
from gouji.offline_kit.wheels import ASKED, build_own, complete, fetching, pinned

INSIDE = Path(__file__).parent / "inside"
PROGRAM = "program"
"""The folder of a kit that nobody needs to open."""
SUMS = "校验值.txt"
_EXECUTABLE, _PLAIN = 0o100755, 0o100644
"""Modes of members, as zips of Unix have them."""


def write_kit(root: Path, target: Target, python: str, out: Path) -> tuple[Path, str]:
    """The kit of the checkout `root` for a target and a version of Python (`3.11`), in the folder `out`: its path and
    SHA-256. Raises KitError, CalledProcessError (pip) and OSError.
    """
    with TemporaryDirectory() as place:
        wheels = Path(place, "wheels")
        wheels.mkdir()
        build_own(root, wheels)
        found = complete(wheels, target, python, pinned(root / "constraints.txt"), fetching(target, python))
        own = next(wheel for wheel in found if wheel.name.startswith(f"{ASKED.name}-"))
        version = str(parse_wheel_filename(own.name)[1])
        folder = Path(place, f"勾稽-{version}-{target.name}")
        (folder / PROGRAM).mkdir(parents=True)
        wheels.rename(folder / PROGRAM / "wheels")
        lay_out(folder, target, python, version)
        shutil.copyfile(root / "LICENSE", folder / "LICENSE")
        _write_sums(folder)
        out.mkdir(parents=True, exist_ok=True)
        made = out / f"{folder.name}-Python{python}.zip"
        _pack(folder, made)
    return made, _sha256(made)


def lay_out(folder: Path, target: Target, python: str, version: str) -> None:
    """Puts into a folder that holds `program/wheels` everything else but the sums."""
    program, endings = folder / PROGRAM, (".cmd", ".html") if target.windows else (".sh", ".html")
    words = {
        "python": python, "version": version, "windows": target.windows, "machine": target.machine,
        "glibc": ".".join(map(str, GLIBC)),
    }  # fmt: skip
    for source in INSIDE.iterdir():
        if source.suffix in endings:
            text = rendered(source, words)
            newline = "\r\n" if source.suffix == ".cmd" else "\n"
            (folder / source.name).write_text(text, encoding="utf-8", newline=newline)
        elif source.suffix == ".py" and source.name != "__init__.py":
            shutil.copyfile(source, program / source.name)
    pins = [_pinned_wheel(wheel) for wheel in sorted((program / "wheels").iterdir())]
    (program / "requirements.txt").write_text("".join(pins), encoding="ascii", newline="\n")
    machine = {"python": python, "system": target.system, "machine": target.machine, "glibc": GLIBC}
    (program / "machine.json").write_text(json.dumps(machine), encoding="ascii")


def rendered(source: Path, words: Mapping[str, object]) -> str:
    """A text of `inside/` with what differs from kit to kit."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
    return environment.from_string(source.read_text(encoding="utf-8")).render(words)


def _pinned_wheel(wheel: Path) -> str:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    asked = ASKED if name == ASKED.name else name
    return f"{asked}=={version} --hash=sha256:{_sha256(wheel)}\n"


def _write_sums(folder: Path) -> None:
    """As `sha256sum --check` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _pack(folder: Path, to: Path) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:  # wheels are compressed
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix())
            member.external_attr = (_EXECUTABLE if path.suffix == ".sh" else _PLAIN) << 16
            archive.writestr(member, path.read_bytes())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
