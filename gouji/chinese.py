"""The words that the command line's own library prints, in Chinese."""

from __future__ import annotations

from typer import rich_utils


def speak_chinese() -> None:
    """Panels and errors of typer in Chinese; its option and command names stay as they are."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ERRORS_PANEL_TITLE = "出错"
    rich_utils.ABORTED_TEXT = "已中止。"
    rich_utils.RICH_HELP = "请用 [blue]'{command_path} {help_option}'[/] 查看用法。"
    rich_utils.DEFAULT_STRING = "[默认: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
