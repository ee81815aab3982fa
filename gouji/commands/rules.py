"""`gouji rules export`: the checks of an edition as 规则簿.xlsx."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.rule_workbook import write_rule_workbook
from gouji.screen import say
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.templates.supplement import SUPPLEMENT


def export_rules(name: str, out: Path, own: Sequence[Path] = ()) -> None:
    """Writes the checks of the edition that is named to `out`, which may not exist yet.

    Raises FormNotFoundError, DefinitionError, FileExistsError, OSError.
    """
    form = chosen_catalogue(own).find(name)
    _require_own_checks(form)
    if os.path.lexists(out):
        raise FileExistsError(errno.EEXIST, "", str(out))
    write_rule_workbook(form, out)
    checks = form.definition.checks
    off = sum(not check.active for check in checks)
    console = Console()
    say(
        console,
        f"已把 {form.key} 的 {len(checks)} 条核对规则{f'（其中没有启用的 {off} 条）' if off else ''}写到 {out}。",
    )
    say(console, f"改好、保存以后运行：gouji rules import {out} --edition 某县-2026（版本名自定）")


def _require_own_checks(form: Form) -> None:
    """Raises DefinitionError where rows of a 规则簿 could not stand for the checks."""
    if form.name == SUPPLEMENT:
        raise DefinitionError(
            form.source, "checks", f"《{SUPPLEMENT}》由评分表生成，规则写在评分表的定义里（evidence_checks）"
        )
    ids = [check.id for check in form.definition.checks]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise DefinitionError(
            form.source, f"checks.{twice[0]}", "这个编号的规则写了两条，请改成不同的编号，再导出规则簿"
        )
