"""A layer of the catalogue: the definitions of one folder, `表/版本.yaml`, read once and then carried as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from gouji.templates.errors import DefinitionError
from gouji.templates.parsed import parsed
from gouji.templates.plain_yaml import LARGEST, PlainYamlError, line_of, plain_text, plain_yaml

INSTALLED = Path(__file__).parent / "forms"
BUILT_IN = "内置"
"""What the definitions that come with gouji are called, where others have their folder."""
_SUFFIXES = (".yaml", ".yml")

Edition = tuple[str, str]
"""Form and edition."""


@dataclass(frozen=True)
class Layer:
    """`origin`: what people call it; `version`: a hash over `files`, the bytes of every definition by `表/版本.yaml`;
    `astray`: definitions that stand where no form and edition can be told of them.

    Equal layers hold equal definitions of the same origin.
    """

    origin: str
    version: str
    files: dict[str, bytes] = field(compare=False, repr=False)
    astray: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path, origin: str | None = None) -> Layer:
        """The definitions below a folder; `origin`: the folder itself where nothing else is said.

        A copy of the definitions that are installed is the installed layer. Raises OSError.
        """
        if folder == INSTALLED:
            return installed()
        found = dict(_definitions(folder))
        version = _hash(found)
        if version == installed().version:
            return installed()
        own = {name: data for name, data in found.items() if name.count("/") == 1}
        return cls(origin or str(folder), version, own, tuple(name for name in found if name not in own))

    @classmethod
    def of(cls, origin: str, files: dict[str, bytes]) -> Layer:
        """The layer that a folder with these definitions would be."""
        return cls(origin, _hash(files), files)

    def __reduce__(self) -> tuple[Callable[..., Layer], tuple[Any, ...]]:
        """What is installed is there wherever this arrives; all else is taken along."""
        if self is installed():
            return _still_installed, (self.version,)
        return Layer, (self.origin, self.version, self.files, self.astray)

    @cached_property
    def editions(self) -> dict[Edition, list[str]]:
        """Form and edition → the files that are named so: two, where one has another suffix."""
        found: dict[Edition, list[str]] = {}
        for name in self.files:
            form, _, file = name.partition("/")
            found.setdefault((form, file.rpartition(".")[0]), []).append(name)
        return found

    def shown(self, name: str) -> str:
        """A file of the layer, as people find it."""
        return name if self is installed() else f"{self.origin}/{name}"

    def plain(self, edition: Edition) -> dict[str, Any]:
        """One definition as plain data. Raises DefinitionError for what is no plain YAML, or is there twice."""
        name, *others = self.editions[edition]
        if others:
            raise DefinitionError(self.shown(name), "", f"与 {self.shown(others[0])} 是同一个版本，请删去其中一个")
        try:
            data = self._plain(name)
        except PlainYamlError as error:
            raise DefinitionError(self.shown(name), "", error.problem, error.line) from error
        if not isinstance(data, dict):
            raise DefinitionError(self.shown(name), "", "内容应为键和值，文件是空的或不是一张表")
        return data

    def placed(self, error: DefinitionError, edition: Edition) -> DefinitionError:
        """The same error with its line, where its key stands in the file of this edition; it may be inherited."""
        name = self.editions[edition][0]
        if error.line or error.file != self.shown(name):
            return error
        try:
            line = line_of(plain_text(self.files[name]), error.key)
        except PlainYamlError:
            return error
        return DefinitionError(error.file, error.key, error.message, line)

    def _plain(self, name: str) -> Any:
        text = plain_text(self.files[name])
        return parsed(INSTALLED / name, text, plain_yaml) if self is installed() else plain_yaml(text)


@cache
def installed() -> Layer:
    """The definitions that come with gouji."""
    files = dict(_definitions(INSTALLED))
    return Layer(BUILT_IN, _hash(files), files)


def _still_installed(version: str) -> Layer:
    """The installed definitions, which must be those that were meant."""
    if installed().version != version:
        raise DefinitionError(BUILT_IN, "", "安装的表样定义与开始时的不同，请等安装完成后再运行一次")
    return installed()


def _definitions(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every definition by its name below the folder; also such as stand a step too high or too low."""
    folder.stat()  # a folder that is not there has no definitions, but is meant to
    for path in sorted(path for depth in ("*", "*/*", "*/*/*") for path in folder.glob(depth)):
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file():
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), file.read(LARGEST + 1)


def _hash(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\n".encode())
        digest.update(data)
    return digest.hexdigest()[:16]
