"""表样对照.yaml: the answers of a county on labels, in a file that people can read, keep and carry to next year."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML

from gouji.templates.plain_yaml import PlainYamlError, read_plain_yaml
from gouji.templates.taught import Taught

_HEAD = """\
# 表样对照：本地表上的标签是表样里的哪一项。由 gouji 按汇总.xlsx或桌面“表样对照”中的确定写出，只对写明的表和版本起作用。
# 下一次运行自动采用；换了结果文件夹的，把本文件复制过去，或用 --previous 指明上年的结果文件夹。
"""


class TaughtError(Exception):
    """The file cannot be read; the message is Chinese."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    form: str = Field(alias="表", min_length=1)
    edition: str = Field(alias="版本", min_length=1)
    label: str = Field(alias="表上的标签", min_length=1)
    read_as: list[str] = Field(alias="读作", default=[])
    never: list[str] = Field(alias="不读作", default=[])
    counted: bool | None = Field(alias="另有一行", default=None)


def read_taught(path: Path) -> tuple[Taught, ...]:
    """The entries of the file; empty where there is no file. Raises TaughtError."""
    try:
        entries = [_Entry.model_validate(entry) for entry in read_plain_yaml(path) or []]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise TaughtError(f"“{path}”无法读取，请从备份恢复或移走后再运行。") from error
    except (PlainYamlError, ValidationError, TypeError) as error:
        why = f"（{error}）" if isinstance(error, PlainYamlError) else ""
        advice = "请按“表、版本、表上的标签、读作、不读作、另有一行”改正，或移走后再运行。"
        raise TaughtError(f"“{path}”的内容有误{why}，{advice}") from error
    lessons = [
        Taught(entry.form, entry.edition, entry.label, tuple(entry.read_as), tuple(entry.never), entry.counted)
        for entry in entries
    ]
    wordings: set[tuple[str, str, str]] = set()
    for taught in lessons:
        if taught.wording in wordings:
            raise TaughtError(
                f"“{path}”里{taught.form}（{taught.edition}）的“{taught.label}”写了两次，请删去其中一个。"
            )
        wordings.add(taught.wording)
    return in_order(lessons)


def in_order(taught: Iterable[Taught]) -> tuple[Taught, ...]:
    """By form, edition and label, so that the order of the answers makes no difference."""
    return tuple(sorted(taught, key=lambda lesson: lesson.wording))


def write_taught(path: Path, taught: Iterable[Taught]) -> None:
    """The file, equal for equal contents. Raises OSError."""
    writer = YAML()
    writer.width, writer.allow_unicode = 200, True
    writer.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    writer.dump([_entry(lesson) for lesson in taught], text)
    path.write_text(_HEAD + text.getvalue(), encoding="utf-8", newline="\n")


def _entry(lesson: Taught) -> dict[str, object]:
    entry: dict[str, object] = {"表": lesson.form, "版本": lesson.edition, "表上的标签": lesson.label}
    readings = {"读作": list(lesson.read_as), "不读作": list(lesson.never)}
    entry |= {name: labels for name, labels in readings.items() if labels}
    return entry if lesson.counted is None else entry | {"另有一行": lesson.counted}
