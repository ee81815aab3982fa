"""The options that several commands have, with their words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

HELP = {"help_option_names": ["-h", "--help"]}

Year = Annotated[int | None, typer.Option("--year", help="填报年度，例如 2021。", min=1990, max=2199)]
Out = Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹。")]
Units = Annotated[Path | None, typer.Option("--units", help="名册（.xlsx 或 .csv），至少有单位编码和单位名称两列。")]
Evidence = Annotated[
    bool | None, typer.Option("--evidence/--no-evidence", help="附不附评分依据补充表（复算得分要用、别的表没有的数）。")
]
Results = Annotated[Path | None, typer.Argument(metavar="结果文件夹", help="gouji run 的结果文件夹，默认是这一轮的。")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供其他程序读取。")]
Previous = Annotated[Path | None, typer.Option("--previous", help="上年运行的结果文件夹，用来核对或填好上年决算数。")]
Jobs = Annotated[int | None, typer.Option("--jobs", help="同时使用几个进程，默认与处理器个数相同。", min=1)]
RoundFolder = Annotated[
    Path | None,
    typer.Option("--round", metavar="文件夹", help="一轮的文件夹（gouji init 建的），默认当前文件夹或它的上级。"),
]
Library = Annotated[Path | None, typer.Option("--library", help="指标库.xlsx，用来核对指标的名称、计量单位和方向。")]
Reference = Annotated[Path | None, typer.Option("--reference", help="填好的部门决算参照表，用来核对各单位的决算数。")]
Forms = Annotated[
    list[Path] | None,
    typer.Option(
        "--forms",
        metavar="文件夹",
        help="另加的表样定义（文件夹里是 表名/版本.yaml），可以有几个；同名的以后写的为准。",
    ),
]
FormName = Annotated[str, typer.Argument(metavar="表名[@版本]", help="例如 基础数据表@衡山县-2021。")]

BETWEEN_UNITS = re.compile(r"[,，、;；\s]+")
"""What stands between the units that an option names."""
