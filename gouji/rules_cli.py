"""`gouji rules …`: the commands on the checks of a form. Each loads its work when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gouji.chinese import Command, Group
from gouji.options import HELP, FormName, Forms, RoundFolder

rules_app = typer.Typer(
    cls=Group, help="核对规则：导出成规则簿修改，读回，启用之前先试。", no_args_is_help=True, context_settings=HELP
)


@rules_app.command(cls=Command, name="export")
def rules_export(
    form: FormName,
    out: Annotated[Path, typer.Option("--out", metavar="规则簿.xlsx", help="写到哪个文件。")] = Path("规则簿.xlsx"),
    own: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """把一张表的核对规则导出成规则簿.xlsx：规则、严重程度、依据、说明、是否启用，可以修改后读回。"""
    from gouji.commands.rules import export_rules
    from gouji.round.asked import Asked

    export_rules(form, out, Asked(round_folder).layers(own))
