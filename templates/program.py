"""The application's own code, wherever its rooms are installed: a checkout keeps them side by side."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

_HOUSE = "gouji"
ROOMS = ("export", "ingest", "score", "templates", "validate")
"""What results depend on, beside the application itself."""


def modules(*rooms: str) -> Iterator[tuple[str, Path]]:
    """(name that does not depend on where it is installed, file) of every module of these rooms, in their order."""
    for room in rooms:
        yield from _modules(f"{_HOUSE}.{room}")


def own_modules() -> Iterator[tuple[str, Path]]:
    """The same of the application without its rooms and samples, which an installation keeps inside it."""
    apart = tuple(f"{_HOUSE}/{room}/" for room in (*ROOMS, "samples"))
    return ((name, path) for name, path in _modules(_HOUSE) if not name.startswith(apart))


def _modules(package: str) -> Iterator[tuple[str, Path]]:
    spec = find_spec(package)
    for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
        for path in sorted(folder.rglob("*.py")):
            yield f"{package.replace('.', '/')}/{path.relative_to(folder).as_posix()}", path
