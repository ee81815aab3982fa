"""The draft before it is text: entries with their values and open questions; and how they are written as YAML.

An entry is written on one line while it fits; its open questions stand behind it as a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Union

from gouji.templates.labels import one_line
from gouji.templates.text import sheet_text

OPEN = "# 待定："
_LINE = 118
_PLAIN = re.compile(r"[^\W\d_](?:[\w（）、“”《》，。；：㎡／·—… =+/().≤≥<>×÷−-]*[\w（）、“”《》，。；：㎡／·—…).])?")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_LONGEST_KEY = 1000
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_QUOTED_REMARK = 80

Value = Union[str, bool, int, float, Decimal, Sequence["Value"], "dict[str, Value]", "Entry"]


@dataclass
class Entry:
    """Keys and values in their order; `remarks` say what its author has to decide."""

    values: dict[str, Value] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def text(self, key: str) -> str:
        """A value that is text; empty when it is not there."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    @property
    def printed(self) -> str:
        """The label, which is the id where none is stated."""
        return self.text("label") or self.text("id")

    @property
    def is_list(self) -> bool:
        """Whether rows stand here whose names the form leaves open."""
        return "list" in self.values

    @property
    def indent(self) -> int:
        """How far the label is indented."""
        value = self.values.get("indent", 0)
        return value if isinstance(value, int) else 0

    @property
    def closed(self) -> Value:
        """Column → what is printed where the form asks for nothing."""
        return self.values.get("closed", False)

    def entries(self, key: str) -> list[Entry]:
        """The entries of a list."""
        value = self.values.get(key, ())
        items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
        return [item for item in items if isinstance(item, Entry)]


def quoted(text: str, longest: int = _QUOTED_REMARK) -> str:
    """Words of the form inside a remark: on one line, not too long."""
    line = " ".join(one_line(sheet_text(text)).split())
    return f"“{line if len(line) <= longest else line[:longest] + '……'}”"


def written(entries: Sequence[Entry], indent: int = 0) -> list[str]:
    """The lines of a YAML list of entries."""
    return [line for entry in entries for line in _item(entry, indent)]


def scalar(value: Value) -> str:
    """One value in flow style."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML
            return value if plain else _quoted_scalar(value)
        case int() | float():
            return f"{value:g}"
        case Decimal():
            return f"{value:f}"
        case Entry():
            return scalar(value.values)
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {scalar(item)}" for key, item in value.items()) + "}"
        case _:
            return "[" + ", ".join(scalar(item) for item in value) + "]"


def _key(text: str) -> str:
    """A key of a mapping; one longer than YAML takes without a mark gets its mark."""
    key = scalar(text)
    return key if len(key) < _LONGEST_KEY else f"? {key} "


def _quoted_scalar(text: str) -> str:
    """In double quotes; what YAML does not take as it is, escaped."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _item(entry: Entry, indent: int) -> list[str]:
    pad = " " * indent
    remarks = [f"{OPEN}{' '.join(remark.split())}" for remark in entry.remarks]
    flow = f"{pad}- {scalar(entry)}"
    named = "id" in entry.values or len(entry.values) > 1
    if named and len(flow) <= _LINE and not _has_lists(entry):
        if len(remarks) == 1 and len(flow) + len(remarks[0]) <= _LINE:
            return [f"{flow}  {remarks[0]}"]
        return [*(f"{pad}{remark}" for remark in remarks), flow]
    lines = [f"{pad}{remark}" for remark in remarks]
    for number, (key, value) in enumerate(entry.values.items()):
        lead = f"{pad}- " if number == 0 else f"{pad}  "
        if _is_list_of_entries(value):
            lines += [f"{lead}{key}:", *written(entry.entries(key), indent + 4)]
        elif isinstance(value, Entry) and _has_lists(value):
            lines += [f"{lead}{key}:", *_mapping(value, indent + 4)]
        else:
            lines.append(f"{lead}{key}: {scalar(value)}")
    return lines


def _mapping(entry: Entry, indent: int) -> list[str]:
    """An entry that is a value itself, its lists below it."""
    pad = " " * indent
    lines: list[str] = []
    for key, value in entry.values.items():
        if _is_list_of_entries(value):
            lines += [f"{pad}{key}:", *written(entry.entries(key), indent + 2)]
        else:
            lines.append(f"{pad}{key}: {scalar(value)}")
    return lines


def _is_list_of_entries(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(item, Entry) for item in value)


def _has_lists(entry: Entry) -> bool:
    return any(_is_list_of_entries(value) for value in entry.values.values())
