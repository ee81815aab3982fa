"""`gouji rules …`: the commands on the checks of a form. Each loads its work when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gouji.chinese import Command, Group
from gouji.options import HELP, FormName, Forms, Jobs, Json, Previous, Reference, RoundFolder, Units

rules_app = typer.Typer(
    cls=Group, help="核对规则：导出成规则簿修改，读回，启用之前先试。", no_args_is_help=True, context_settings=HELP
)


@rules_app.command(cls=Command, name="export")
def rules_export(
    form: FormName,
    out: Annotated[Path, typer.Option("--out", metavar="规则簿.xlsx", help="写到哪个文件。")] = Path("规则簿.xlsx"),
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """把一张表的核对规则导出成规则簿.xlsx：规则、严重程度、依据、说明、是否启用，可以修改后读回。"""
    from gouji.commands.rules import export_rules
    from gouji.round.asked import Asked

    export_rules(form, out, Asked(round_folder).layers(definitions))


@rules_app.command(cls=Command, name="import")
def rules_import(
    workbook: Annotated[Path, typer.Argument(metavar="规则簿.xlsx", help="gouji rules export 写出、改好的规则簿。")],
    edition: Annotated[
        str | None,
        typer.Option("--edition", metavar="版本", help="写成哪个版本，如 某县-2026；不写则改规则簿所属的版本。"),
    ] = None,
    definitions: Forms = None,
    as_json: Json = False,
    round_folder: RoundFolder = None,
) -> None:
    """把改好的规则簿读回本级的版本（表样/表名/版本.yaml），只写不同的地方；有一处填错就全部不写，指出是哪一格。"""
    from gouji.commands.rules import import_rules
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    folder = definitions[-1] if definitions else asked.forms_folder()
    raise typer.Exit(import_rules(workbook, edition, folder, asked.layers(definitions), as_json=as_json))


@rules_app.command(cls=Command, name="try")
def rules_try(
    form: FormName,
    on: Annotated[
        Path | None, typer.Option("--on", metavar="结果", help="在哪一次 gouji run 的结果文件夹上试，默认是这一轮的。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="试算.xlsx", help="结果和例子另写成这个工作簿。")] = None,
    previous: Previous = None,
    units: Units = None,
    reference: Reference = None,
    definitions: Forms = None,
    jobs: Jobs = None,
    as_json: Json = False,
    round_folder: RoundFolder = None,
) -> None:
    """启用以前先试：新增、改动、没有启用的规则在已有的结果上会指出多少，各举十例。不重读文件，不改动结果。"""
    from gouji.commands.try_rules import try_rules
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    status = try_rules(
        form, asked.needed("--on（结果文件夹）", on, lambda round_: round_.checked()), out, asked.layers(definitions),
        previous=previous, units=units,
        reference=asked.optional(reference, lambda round_: round_.reference()), jobs=jobs, as_json=as_json,
    )  # fmt: skip
    raise typer.Exit(status)
