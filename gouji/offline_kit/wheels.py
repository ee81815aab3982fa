"""The wheels of gouji and of everything that it needs on another machine, each of the pinned version.

pip reads the markers of requirements for the machine that it runs on, whatever `--platform` says: what only Windows
needs would be missing. So it is followed here what needs what, and pip fetches single wheels.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PathDistribution
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from gouji.offline_kit.targets import Target

ASKED = Requirement("gouji[desk]")
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq")
_NOT_BUILT = shutil.ignore_patterns(".*", "build", "dist", "tests", "演示", "*.egg-info", "__pycache__")

Fetch = Callable[[Iterable[str], Path], None]
"""Puts the wheels of `name==version`s into a folder."""


class KitError(Exception):
    """No kit can be made, and why."""


def pinned(constraints: Path) -> dict[str, str]:
    """Canonical name → the version that constraints.txt pins."""
    lines = map(Requirement, constraints.read_text(encoding="utf-8").split())
    return {canonicalize_name(line.name): next(iter(line.specifier)).version for line in lines}


def build_own(root: Path, into: Path) -> None:
    """The wheel of this checkout; of a copy, for builds take up what earlier ones left. Raises CalledProcessError."""
    with TemporaryDirectory() as place:
        copy = shutil.copytree(root, Path(place, "source"), ignore=_NOT_BUILT)
        subprocess.run([*_PIP, "wheel", "--no-deps", "--wheel-dir", into, copy], check=True)


def fetching(target: Target, python: str) -> Fetch:
    """Fetches through pip, as it is set up here, what this target can install. Raises CalledProcessError."""
    kind = ["--implementation", "cp", "--python-version", python, "--abi", f"cp{python.replace('.', '')}"]
    platforms = [word for tag in target.tags for word in ("--platform", tag)]

    def fetch(pins: Iterable[str], into: Path) -> None:
        options = ["--no-deps", "--only-binary=:all:", *kind, *platforms, "--dest", str(into)]
        subprocess.run([*_PIP, "download", *options, *pins], check=True)

    return fetch


def complete(wheels: Path, target: Target, python: str, pins: Mapping[str, str], fetch: Fetch) -> list[Path]:
    """Fetches into `wheels`, which holds gouji's own, what is needed and not there, and names all of them in order.

    Raises KitError for what is not pinned, or pinned at a version that does not satisfy who needs it.
    """
    met: set[tuple[str, str]] = set()
    asked = [ASKED]
    while asked:
        new = {(canonicalize_name(need.name), extra): need for need in asked for extra in ("", *need.extras)}
        new = {key: need for key, need in new.items() if key not in met}
        met |= set(new)
        there = _by_name(wheels)
        lacking = sorted({name for name, _ in new} - set(there))
        if lacking:
            with TemporaryDirectory(dir=wheels.parent) as place:
                fetch([f"{name}=={_pin(name, pins)}" for name in lacking], Path(place))
                for wheel in Path(place).iterdir():
                    wheel.rename(wheels / wheel.name)
            there = _by_name(wheels)
        asked = [
            need for name, extra in sorted(new) for need in _needs(there[name]) if target.wants(need, python, extra)
        ]
        _require_satisfied(asked, pins)
    return sorted(wheels.glob("*.whl"))


def _needs(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        (folder,) = (path for path in zipfile.Path(archive).iterdir() if path.name.endswith(".dist-info"))
        return [Requirement(line) for line in PathDistribution(folder).requires or ()]


def _by_name(wheels: Path) -> dict[str, Path]:
    return {parse_wheel_filename(wheel.name)[0]: wheel for wheel in wheels.glob("*.whl")}


def _pin(name: str, pins: Mapping[str, str]) -> str:
    if name not in pins:
        raise KitError(f"constraints.txt 里没有 {name} 的版本。")
    return pins[name]


def _require_satisfied(asked: Iterable[Requirement], pins: Mapping[str, str]) -> None:
    for need in asked:
        version = _pin(canonicalize_name(need.name), pins)
        if not need.specifier.contains(version, prereleases=True):
            raise KitError(f"constraints.txt 写的是 {need.name} {version}，而需要的是“{need}”。")
