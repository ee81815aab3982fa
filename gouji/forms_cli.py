"""`gouji forms …`: the commands on definitions of forms. Each loads its work when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gouji.chinese import Command, Group
from gouji.options import (
    HELP,
    FormName,
    Forms,
    Json,
    RoundFolder,
)

forms_app = typer.Typer(
    cls=Group, help="表样目录：有哪些表、各有哪些项目、定义是否有误。", no_args_is_help=True, context_settings=HELP
)


@forms_app.command(cls=Command, name="list")
def forms_list(definitions: Forms = None, as_json: Json = False) -> None:
    """列出全部表和版本。"""
    from gouji.commands.forms import list_forms
    from gouji.round.asked import Asked

    list_forms(Asked(None).layers(definitions), as_json=as_json)


@forms_app.command(cls=Command, name="show")
def forms_show(
    form: FormName,
    year: Annotated[int | None, typer.Option("--year", help="按哪一年度显示标签，默认今年。")] = None,
    definitions: Forms = None,
    as_json: Json = False,
) -> None:
    """列出一张表的全部项目：名称、单元格、类型、填写还是自动计算。"""
    from gouji.commands.forms import show_form
    from gouji.round.asked import Asked

    show_form(form, year, Asked(None).layers(definitions), as_json=as_json)


@forms_app.command(cls=Command, name="check")
def forms_check(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="文件夹…", help="放表样定义的文件夹，如 表样。")
    ] = None,
    definitions: Forms = None,
    as_json: Json = False,
    round_folder: RoundFolder = None,
) -> None:
    """检查表样定义：错在哪个文件哪一行、怎么改，表样自身有没有矛盾。"""
    from gouji.commands.forms import check_forms
    from gouji.round.asked import Asked

    asked = [*(definitions or ()), *(folders or ())] or Asked(round_folder).own_forms()
    raise typer.Exit(check_forms(asked, as_json=as_json))


@forms_app.command(cls=Command, name="lint", hidden=True)
def forms_lint(definitions: Forms = None, as_json: Json = False) -> None:
    """与 forms check 相同。"""
    from gouji.commands.forms import check_forms
    from gouji.round.asked import Asked

    raise typer.Exit(check_forms(Asked(None).layers(definitions), as_json=as_json))


@forms_app.command(cls=Command, name="new")
def forms_new(
    blank: Annotated[Path, typer.Option("--from", metavar="空表", help="空白表（.xlsx、.xls、.et、.ods）。")],
    out: Annotated[Path | None, typer.Option("--out", help="草稿写到哪个文件；不写则显示在屏幕上。")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="按哪个工作表起草，默认第一张表。")] = None,
    edition: Annotated[
        str | None,
        typer.Option("--edition", metavar="版本", help="版本名，如 某县-2026；草稿写到 表样/表名/版本.yaml。"),
    ] = None,
    filled: Annotated[
        list[Path] | None,
        typer.Option(
            "--filled", metavar="文件或文件夹", help="这张表填好的报表，可以有几个；建议的核对注明在其中几份成立。"
        ),
    ] = None,
    round_folder: RoundFolder = None,
) -> None:
    """由空白表起草一份表样定义，要您决定的地方都注明“待定”。"""
    from gouji.commands.new import draft_form
    from gouji.round.asked import Asked

    draft_form(blank, out, sheet, edition, Asked(round_folder).forms_folder(), filled or ())


@forms_app.command(cls=Command, name="copy")
def forms_copy(
    form: FormName,
    edition: Annotated[str, typer.Option("--edition", metavar="版本", help="新版本的名称，如 某县-2026。")],
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """由一个已有的版本做一个新版本，写到 表样/表名/版本.yaml：只写与它不同的地方。"""
    from gouji.commands.editions import copy_edition
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    copy_edition(form, edition, asked.forms_folder(), asked.layers(definitions))


@forms_app.command(cls=Command, name="diff")
def forms_diff(
    first: FormName,
    second: Annotated[str, typer.Argument(metavar="表名[@版本]", help="与前一个比较的版本。")],
    definitions: Forms = None,
    as_json: Json = False,
) -> None:
    """比较两个版本：项目、分值、核对有哪些不同。"""
    from gouji.commands.editions import diff_editions
    from gouji.round.asked import Asked

    raise typer.Exit(diff_editions(first, second, Asked(None).layers(definitions), as_json=as_json))


@forms_app.command(cls=Command, name="preview")
def forms_preview(
    form: FormName,
    year: Annotated[int | None, typer.Option("--year", help="按哪一年度印标签，默认今年。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="示例工作簿写到哪个文件。")] = None,
    definitions: Forms = None,
) -> None:
    """生成一份示例工作簿，并逐条列出会核对什么，供下发之前看一遍。"""
    import datetime

    from gouji.commands.preview import preview_form
    from gouji.round.asked import Asked

    preview_form(form, year or datetime.date.today().year, out, Asked(None).layers(definitions))


@forms_app.command(cls=Command, name="schema")
def forms_schema() -> None:
    """输出定义文件的 JSON Schema，供编辑器提示和检查。"""
    from gouji.commands.forms import print_schema

    print_schema()
