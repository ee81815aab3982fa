"""勾稽.toml: what a round goes by, as one model that reads the file, says what is wrong with it and writes it once."""

from __future__ import annotations

import datetime
import difflib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from gouji.export.terms import Terms
from gouji.ingest.figures.days import day_of
from gouji.ingest.limits import Limits, LimitsError, limits_of
from gouji.round.errors import RoundError

SETTINGS_FILE = "勾稽.toml"
_LONGEST = 64 * 1024
"""Bytes of the file."""
_SHOWN = 60
"""Signs that are shown of a value that cannot be taken."""
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def _day(value: object) -> object:
    """TOML has dates of its own; people write them as text too. A date with a time is that day."""
    return day_of(value) or value


def _limits(value: object) -> object:
    try:
        return limits_of(value) if isinstance(value, dict) else value
    except LimitsError as error:
        raise ValueError(str(error)) from error


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Day = Annotated[datetime.date, BeforeValidator(_day)]


class Settings(BaseModel):
    """The settings of a round. A field's title is what it is called, its description what may stand there, its example
    what stands behind # in a new file where nothing was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    year: int = Field(ge=1990, le=2199, title="填报年度", description="1990 到 2199 的四位数字，例如 2025")
    bureau: Text | None = Field(
        None, title="财政局名称", description="引号里写全称，印在反馈意见的落款处", examples=["某某县财政局"]
    )
    forms: tuple[Text, ...] = Field(
        (), strict=False, title="下发的表",
        description="方括号里逐个写表名，可以带版本，有哪些见 gouji forms list；名册没有写应报表的单位，应报的就是这些",
        examples=[("基础数据表@衡山县-2021", "自评表@湖南-2020")],
    )  # fmt: skip
    evidence: bool = Field(False, title="附评分依据补充表", description="true（附）或 false（不附）")
    deadline: Day | None = Field(
        None, title="报送截止日期", description="年-月-日；名册里写了截止日期的单位以名册为准",
        examples=[datetime.date(2026, 3, 31)],
    )  # fmt: skip
    reply_days: int | None = Field(
        None, ge=1, le=365, title="报回天数",
        description="1 到 365 的整数；反馈意见写的报回日期是发出之日加上这些天", examples=[10],
    )  # fmt: skip
    newest: bool = Field(
        False, title="报了两份时用新的一份",
        description="true（没有人确定时用新的一份，在问题清单和收表明细里写明依据）或 false（等审核人确定）",
    )  # fmt: skip
    roster: Text = Field("名册.xlsx", title="名册", description="引号里写文件名，放在这个文件夹里，或写明路径")
    previous: Text | None = Field(
        None, title="上一轮", description="引号里写上年那一轮的文件夹（或它的结果文件夹），用来核对和填好上年决算数",
        examples=["../2024年度绩效自评"],
    )  # fmt: skip
    reference: Text | None = Field(
        None, title="部门决算参照表", description="引号里写填好的参照表的文件名，用来核对各单位的决算数",
        examples=["部门决算参照表_2025.xlsx"],
    )  # fmt: skip
    library: Text | None = Field(
        None, title="指标库", description="引号里写指标库的文件名，下发的表里可从中选，收到的表与它核对",
        examples=["指标库.xlsx"],
    )  # fmt: skip
    limits: Annotated[Limits, BeforeValidator(_limits)] = Field(
        Limits(), title="文件大小等限制", description="一行一项，名称和默认值见 docs/security.md"
    )

    @property
    def terms(self) -> Terms:
        """Those of them that the outputs of a run go by."""
        return Terms(self.bureau, self.forms, self.deadline, self.reply_days, self.newest)


def read_settings(path: Path) -> Settings:
    """The settings in a file. Raises FileNotFoundError, OSError, and RoundError with everything that is wrong in it."""
    with path.open("rb") as opened:
        data = opened.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise RoundError(f"“{path}”太大，不像一轮的设置，请核对文件。")
    try:
        entries = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RoundError(f"“{path}”不是 UTF-8 编码的文本，请用记事本打开，另存为 UTF-8 编码。") from error
    except (ValueError, RecursionError) as error:  # ValueError: also a number of more digits than Python takes
        raise RoundError(_unparsed(path, str(error))) from error
    try:
        return Settings.model_validate(entries)
    except ValidationError as error:
        faults = list(_faults(error, entries))
        raise RoundError("\n  ".join([f"“{path}”有 {len(faults)} 处要先更正：", *faults])) from error


def _unparsed(path: Path, why: str) -> str:
    place = _PLACE.search(why)
    where = f"第 {place[1]} 行第 {place[2]} 列" if place else "有一处"
    return (
        f"“{path}”{where}写得不对。每项写成“名称 = 内容”，各写一次；文字写在英文双引号里，"
        "路径里的“\\”写成“/”，说明写在“#”后面。"
    )


def _faults(error: ValidationError, entries: dict[str, Any]) -> Iterator[str]:
    fields = Settings.model_fields
    unknown = [str(fault["loc"][0]) for fault in error.errors() if fault["type"] == "extra_forbidden"]
    if unknown:
        yield f"不认识{'、'.join(map(_with_near, unknown))}，可用的名称：{'、'.join(fields)}"
    named: set[str] = set()
    for fault in error.errors():
        name = str(fault["loc"][0])
        if name not in fields or name in named:
            continue
        named.add(name)
        field = fields[name]
        if fault["type"] == "missing":
            yield f"{name}（{field.title}）没有写，应写：{field.description}"
        elif name == "limits" and fault["type"] == "value_error":
            yield f"[limits]（{field.title}）里的{fault['ctx']['error']}"
        else:
            yield f"{name}（{field.title}）现在是 {_shown(entries[name])}，应为：{field.description}"


def _with_near(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, 1)
    return f"“{name}”" + (f"（是不是 {near[0]}？）" if near else "")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


# ---- a new file ----


def settings_text(settings: Settings) -> str:
    """The file that says so, every setting with what it means and what may stand there."""
    parts = [_HEAD]
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        comment = f"# {field.title}：{field.description}。"
        if name == "limits":
            line = "# [limits]\n# file_size = 62914560"
        elif value is None or value == ():
            line = f"# {name} = {_toml((field.examples or [''])[0])}"
        else:
            line = f"{name} = {_toml(value)}"
        parts.append(f"{comment}\n{line}\n")
    return "\n".join(parts)


_HEAD = """\
# 这一轮绩效自评的设置，可以用记事本修改，保存后就按新的办。
# 在这个文件夹里运行 gouji 的各个命令，没有另外写明的都按这里；命令里写明的选项优先。
# “#”后面的是说明；要用“#”开头的那一项，去掉前面的“# ”再改内容。文字写在英文双引号里，路径里用“/”。
"""


def _toml(value: object) -> str:
    """A value as TOML: its basic strings are those of JSON."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return str(value)
