"""The elements of an XML part by their bytes: replaced, put in or taken out, with every other byte as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from gouji.export.returned.package import CannotMark

_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")

Edit = tuple[int, int, bytes]
"""From which byte to which, and what is to stand there."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element at the depth that was asked for: its name without prefix, its attributes, its bytes, what is in it.

    `inner`: names of the elements inside; `text`: their text, by name. Both only of elements below a path, for the
    children of the root hold everything.
    """

    name: str
    said: dict[str, str]
    start: int
    end: int
    inner: tuple[str, ...]
    text: dict[str, str]


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements below `path`, and where those end that hold them; `prefix` is that of the root (`x:`)."""

    found: list[Element]
    prefix: str
    end: int


def elements(xml: bytes, path: tuple[str, ...] = ()) -> Elements:
    """Every element whose parents below the root are named so. Raises CannotMark for what is not well-formed."""
    return _Walk(xml, path).elements()


def edited(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with the edits made; none may lie within another."""
    pieces, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [xml[at:start], text]
        at = end
    return b"".join([*pieces, xml[at:]])


class _Walk:
    def __init__(self, xml: bytes, path: tuple[str, ...]) -> None:
        self._xml, self._steps, self._depth = xml, list(path), len(path) + 1
        self._path: list[str] = []
        self._found: list[Element] = []
        self._prefix, self._end = "", len(xml)
        self._attributes: dict[str, str] = {}
        self._start = 0
        self._inner: list[str] = []
        self._text: dict[str, str] = {}

    def elements(self) -> Elements:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: self._begin(name, attributes, parser.CurrentByteIndex)
        parser.EndElementHandler = lambda name: self._finish(parser.CurrentByteIndex)
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(self._xml, True)
        except (expat.ExpatError, ValueError) as error:
            raise CannotMark("文件内部的内容不合规范") from error
        return Elements(self._found, self._prefix, self._end)

    def _begin(self, name: str, attributes: dict[str, str], at: int) -> None:
        prefix, _, word = name.rpartition(":")
        depth = len(self._path)
        self._path.append(word)
        if depth == 0:
            self._prefix = f"{prefix}:" if prefix else ""
        elif depth == self._depth and self._path[1:-1] == self._steps:
            self._attributes, self._start, self._inner, self._text = attributes, at, [], {}
        elif depth > self._depth and self._steps:
            self._inner.append(word)

    def _characters(self, text: str) -> None:
        if len(self._path) > self._depth + 1 and self._steps:
            self._text[self._path[-1]] = self._text.get(self._path[-1], "") + text

    def _finish(self, at: int) -> None:
        word = self._path.pop()
        if len(self._path) == self._depth and self._path[1:] == self._steps:
            end = self._after(self._start, at)
            self._found.append(Element(word, self._attributes, self._start, end, tuple(self._inner), self._text))
        elif not self._path:
            self._end = at

    def _after(self, start: int, at: int) -> int:
        """Behind the element that begins at `start`: written as empty, or with an end tag, which is `at`."""
        first = _TAG.match(self._xml, start)
        last = first if first is not None and first[0].endswith(b"/>") else _TAG.match(self._xml, at)
        if last is None:
            raise CannotMark("文件内部的内容不合规范")
        return last.end()


def _refuse(*_: Any) -> None:
    raise ValueError("a document type")
