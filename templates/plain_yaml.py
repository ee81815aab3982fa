"""YAML that is only data: what may stand in a definition or in 表样对照.yaml, wherever the file came from.

Aliases of aliases would let a small file stand for a huge one, merge keys and tags for something else than what can be
read in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError, MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner, ScannerError

LARGEST = 2 * 1024 * 1024
"""Bytes; our longest definition has 11,000."""
_DEEPEST = 40
_HEAVIEST = 200_000
"""Values in a file, each as often as aliases repeat it."""
_LONGEST_NUMBER = 60
_MERGE = "tag:yaml.org,2002:merge"
_NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
_TOO_DEEP = f"括号或缩进超过 {_DEEPEST} 层"


class PlainYamlError(Exception):
    """The text is no plain YAML: `problem` in Chinese, at `line` (0 where that is not known)."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"第 {self.line} 行{self.problem}" if self.line else self.problem


def read_plain_yaml(path: Path) -> Any:
    """What the file says: mappings, lists, texts, numbers, dates; None for an empty one.

    Raises PlainYamlError, OSError.
    """
    with path.open("rb") as opened:
        return plain_yaml(plain_text(opened.read(LARGEST + 1)))


def plain_text(data: bytes) -> str:
    """The text of such a file; of a longer one LARGEST + 1 bytes are enough to refuse it. Raises PlainYamlError."""
    if len(data) > LARGEST:
        raise PlainYamlError(0, f"文件超过 {LARGEST // 1024 // 1024} MB，不像一份定义")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlainYamlError(data.count(b"\n", 0, error.start) + 1, "不是 UTF-8 编码") from error


def plain_yaml(text: str) -> Any:
    """The same of a text."""
    try:
        return _reader().load(text)
    except DuplicateKeyError as error:
        raise PlainYamlError(_line(error), "同一个键写了两次，请删去其中一个") from error
    except MaxDepthExceededError as error:
        raise PlainYamlError(_line(error), _TOO_DEEP) from error
    except MarkedYAMLError as error:
        raise PlainYamlError(_line(error), f"不是正确的 YAML（{error.problem}）") from error
    except (YAMLError, RecursionError, ValueError, TypeError, OverflowError, AttributeError) as error:
        # The last four: dates and numbers that are none, keys that are no texts.
        raise PlainYamlError(0, "不是正确的 YAML") from error


def line_of(text: str, key: str) -> int:
    """The line from which the deepest part of a key (`blocks.3.rows`, `checks.A-01`) is written; 0 where none of it is.

    A part names a key, a number in a list, or what stands first in an entry of a list. One that is not there is passed
    over: it may be of the model, not of the file.
    """
    try:
        node, line = _reader().compose(text), 0
    except (YAMLError, RecursionError, ValueError, TypeError, OverflowError, AttributeError):
        return 0
    for part in key.split("."):
        for name, inner in _entries(node):
            if name == part:
                line = inner.start_mark.line + 1
                node = node if isinstance(inner, ScalarNode) else inner  # `grid` names the block in which it stands
                break
    return line


def _reader() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner, yaml.Composer, yaml.max_depth = _ShallowScanner, _PlainComposer, _DEEPEST
    return yaml


def _entries(node: Any) -> Iterator[tuple[str, Any]]:
    """What can be named in a node; a value that stands alone holds nothing."""
    match node:
        case MappingNode():
            yield from ((key.value, value) for key, value in node.value if isinstance(key, ScalarNode))
        case SequenceNode():
            yield from ((str(number), inner) for number, inner in enumerate(node.value))
            for inner in node.value:
                if isinstance(inner, MappingNode) and inner.value:
                    yield str(inner.value[0][1].value), inner


def _line(error: MarkedYAMLError) -> int:
    return 0 if error.problem_mark is None else error.problem_mark.line + 1


class _ShallowScanner(Scanner):
    """Brackets are looked at long before the composer sees them, each together with all that are open."""

    def fetch_flow_collection_start(self, *token: Any, **how: Any) -> None:
        if len(self.flow_context) >= _DEEPEST:
            mark = self.reader.get_mark()
            raise ScannerError(None, None, _TOO_DEEP, mark)
        super().fetch_flow_collection_start(*token, **how)


class _PlainComposer(Composer):
    parser: Parser

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self._weight = 0
        self._weights: dict[str, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event, before = self.parser.peek_event(), self._weight
        if self.parser.check_event(AliasEvent):
            # What is not known yet is missing, or holds this very alias.
            self._weight += self._weights.get(event.anchor, _HEAVIEST)
            self._check_weight("别名（*）没有对应的锚点，或指向自身，或展开后过大", event)
            return super().compose_node(parent, index)
        self._weight += 1
        self._check_weight(f"内容超过 {_HEAVIEST} 项", event)
        if event.ctag is not None:
            raise ComposerError(None, None, "不能使用标签（!）", event.start_mark)
        node = super().compose_node(parent, index)
        if event.anchor is not None:
            self._weights[event.anchor] = self._weight - before
        if isinstance(node, ScalarNode) and node.tag == _MERGE:
            raise ComposerError(None, None, "不能使用合并键（<<）", event.start_mark)
        if isinstance(node, ScalarNode) and node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            raise ComposerError(None, None, f"数字超过 {_LONGEST_NUMBER} 位", event.start_mark)
        return node

    def _check_weight(self, problem: str, event: Any) -> None:
        if self._weight > _HEAVIEST:
            raise ComposerError(None, None, problem, event.start_mark)
