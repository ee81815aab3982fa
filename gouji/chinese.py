"""The command line's own words in Chinese: help pages and what is wrong with a call."""

from __future__ import annotations

from typing import Any

from rich.columns import Columns
from rich.table import Table
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

_TYPES = {
    "<path>": "路径", "<str>": "文字", "<int>": "整数", "<int range>": "整数", "<bool>": "", "<list[str]>": "",
    "<list[Path]>": "路径",
}  # fmt: skip
"""What kind of thing an option takes, as typer says it and as we do."""


class _Folding(Table):
    """A table of a help page. Chinese has no spaces to break at: texts fold where they would be cut short."""

    def add_row(self, *cells: Any, **more: Any) -> None:
        """As of rich's table, with our words for types."""
        super().add_row(*map(_typed, cells), **more)
        for column in self.columns:
            column.overflow = "fold"


def _typed(cell: Any) -> Any:
    if isinstance(cell, Columns):
        for text in cell.renderables:
            if isinstance(text, Text):
                text.overflow = "fold"
    return Text(_TYPES[cell.plain], cell.style) if isinstance(cell, Text) and cell.plain in _TYPES else cell


def speak_chinese() -> None:
    """Headings and tables of the help pages."""
    rich_utils.Table = _Folding  # type: ignore[attr-defined]
    rich_utils.RANGE_STRING = ""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"


def _usage(text: str) -> str:
    words = {"Usage: ": "用法：", "[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}
    for english, chinese in words.items():
        text = text.replace(english, chinese)
    return text


class Command(TyperCommand):
    """A command whose help page is Chinese throughout."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _helping(super().get_help_option(ctx))


class Group(TyperGroup):
    """A group of commands whose help page is Chinese throughout."""

    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _helping(super().get_help_option(ctx))


def _helping(option: Any) -> Any:
    if option is not None:
        option.help = "显示本说明后退出。"
    return option


def misuse(error: Any) -> str:
    """The sentence for a usage error of typer, chosen by its class."""
    name = getattr(error, "option_name", "")
    param = getattr(error, "param", None)
    hint = param.get_error_hint().strip("'") if param is not None else ""
    error_name = type(error).__name__
    if error_name == "MissingParameter":
        sentence = f"缺少 {hint}"
    elif error_name == "NoSuchOption":
        near = "、".join(error.possibilities or [])
        sentence = f"没有 {name} 这个选项" + (f"，是不是 {near}？" if near else "")
    elif error_name == "BadOptionUsage":
        sentence = f"{name} 后面要写上内容"
    elif error_name == "BadParameter":
        sentence = f"{hint} 的内容不对"
    elif hasattr(getattr(error.ctx, "command", None), "commands"):
        sentence = f"没有这个命令，可用的有 {'、'.join(error.ctx.command.commands)}"
    else:
        sentence = f"命令写错了（{error.format_message()}）"
    path = error.ctx.command_path if getattr(error, "ctx", None) is not None else "gouji"
    return f"{sentence if sentence.endswith('？') else sentence + '。'}用法见：{path} --help"
