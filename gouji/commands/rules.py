"""`gouji rules export`, `gouji rules import`: an edition's checks as 规则簿.xlsx, and back into the bureau's."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from gouji.bureau_rules.own_edition import OwnEdition, own_edition, rewritten, write
from gouji.bureau_rules.proposed import Trouble, proposed
from gouji.commands.catalogue import chosen_catalogue
from gouji.export.rule_workbook import write_rule_workbook
from gouji.ingest.beside.rule_workbook import RuleWorkbookError, read_rule_workbook
from gouji.round.folder import OWN_FORMS, current_round, own_definitions
from gouji.screen import say
from gouji.templates.checks import Check
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.templates.layer import BUILT_IN
from gouji.templates.rule_workbook import HEADS, RULES_SHEET, cells_of, fingerprint
from gouji.templates.supplement import SUPPLEMENT
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


def export_rules(name: str, out: Path, layers: Sequence[Path] = ()) -> None:
    """Writes the checks of the edition that is named to `out`, which may not exist yet.

    Raises FormNotFoundError, DefinitionError, FileExistsError, OSError.
    """
    catalogue = chosen_catalogue(layers)
    form = catalogue.find(name)
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
    built_in = catalogue.origin((form.name, form.edition)) == BUILT_IN
    option = " --edition 某县-2026（版本名自定）" if built_in else ""
    say(console, f"改好、保存以后运行：gouji rules import {out}{option}")


def _require_own_checks(form: Form) -> None:
    """Raises DefinitionError where rows of a 规则簿 could not stand for the checks."""
    if form.name == SUPPLEMENT:
        raise DefinitionError(
            form.source, "checks", f"《{SUPPLEMENT}》由评分表生成，规则写在评分表的定义里（evidence_checks）"
        )
    ids = [check.id for check in form.definition.checks]
    if twice := sorted({code for code in ids if ids.count(code) > 1}):
        raise DefinitionError(
            form.source, f"checks.{twice[0]}", "这个编号的规则写了两条，请改成不同的编号，再导出规则簿"
        )


def import_rules(
    path: Path, edition: str | None, folder: Path, layers: Sequence[Path] = (), *, as_json: bool = False
) -> int:
    """Writes what a 规则簿 has otherwise into the bureau's edition below `folder`.

    All of it, or nothing where a line is wrong, which ends with 2.

    Raises FileNotFoundError, RuleWorkbookError, FormNotFoundError, DefinitionError, OSError.
    """
    with reader() as process:
        book = handed_over(process, read_rule_workbook, path)
    catalogue = chosen_catalogue(_with_folder(layers, folder))
    exported = catalogue.form(book.form, book.edition)
    if edition is None and catalogue.origin((book.form, book.edition)) == BUILT_IN:
        raise RuleWorkbookError(
            f"“{exported.key}”随勾稽安装，不能改。请加 --edition 写成本级自己的版本，"
            f"例如 gouji rules import {path} --edition 某县-2026。"
        )
    target = own_edition(catalogue, folder, exported, edition or book.edition)
    proposal = proposed(book, exported, target.form)
    console = Console()
    if proposal.troubles:
        return _refused(console, proposal.troubles, as_json=as_json)
    current = target.form.definition.checks
    changes = list(_changes(target.form, current, proposal.checks))
    if changes:
        write(target, rewritten(catalogue, target, proposal.checks))
    if as_json:
        keys = ("rule", "what", "before", "after")
        output: dict[str, Any] = {"written": str(target.path) if changes else None, "troubles": []}
        output["changes"] = [dict(zip(keys, change, strict=True)) for change in changes]
        print(json.dumps(output, ensure_ascii=False, indent=2))
        return 0
    if book.exported not in (fingerprint(current), fingerprint(exported.definition.checks)):
        say(console, "表样里的核对在导出规则簿以后改过，以规则簿为准；下面“原来”是改过以后的。")
    _tell_changes(console, target, changes)
    for remark in proposal.remarks:
        say(console, f"请留意 {RULES_SHEET}!{remark.cell}：{remark.message}。")
    return 0


def _with_folder(layers: Sequence[Path], folder: Path) -> list[Path]:
    resolved = [layer.resolve() for layer in layers]
    return [*layers, *(own_definitions(folder) if folder.resolve() not in resolved else [])]


def _refused(console: Console, troubles: Sequence[Trouble], *, as_json: bool) -> int:
    if as_json:
        records = [
            {"cell": trouble.cell and f"{RULES_SHEET}!{trouble.cell}", "message": trouble.message}
            for trouble in troubles
        ]
        print(json.dumps({"written": None, "troubles": records, "changes": []}, ensure_ascii=False, indent=2))
        return 2
    for trouble in troubles:
        say(console, f"{f'{RULES_SHEET}!{trouble.cell}：' if trouble.cell else ''}{trouble.message}。")
    say(console, f"共 {len(troubles)} 处要改，什么都没有写。改好、保存以后再运行一次。")
    return 2


def _changes(form: Form, before: Sequence[Check], after: Sequence[Check]) -> Iterator[tuple[str, str, str, str]]:
    """(rule, head, before, after) of every cell that differs; of a new rule, its text under 新规则."""
    earlier = {check.id: check for check in before}
    for check in after:
        if check.id not in earlier:
            yield check.id, "新规则", "", f"{check.rule}（{check.severity}，{'启用' if check.active else '没有启用'}）"
            continue
        old, new = (cells_of(version, form) for version in (earlier[check.id], check))
        yield from ((check.id, head, old[head], new[head]) for head in HEADS if old[head] != new[head])


def _tell_changes(console: Console, target: OwnEdition, changes: Sequence[tuple[str, str, str, str]]) -> None:
    key = "@".join(target.edition)
    if not changes:
        say(console, f"规则簿与 {target.form.key} 现在的规则相同，没有要写的。")
        return
    for rule, head, before, after in changes:
        if head == "新规则":
            say(console, f"{rule} 新规则：{after}")
        else:
            say(console, f"{rule} {head}：原来 {before or '（空）'}，现在 {after or '（空）'}")
    say(console, f"共 {len(changes)} 处，已写到 {target.path}（{key}）。")
    if target.is_new:
        say(console, "这是一个新的定义，依据注了“待定”，请打开文件补上；没有写到的都与原来的版本相同。")
    parent = target.form.edition
    if target.is_new and target.edition[1] != parent:
        say(
            console,
            f"按“{target.edition[1]}”下发的表才按这些规则核对。已经按“{parent}”下发的表也要用这些规则的，"
            f"请用 --edition {parent} 再读一次，它取代原来的版本。",
        )
    say(console, f"启用以前可以先试：gouji rules try {key} --on 结果{_forms_option(target.folder)}")


def _forms_option(folder: Path) -> str:
    """How other commands are told of the folder, where they would not look there by themselves."""
    of_round = current_round()
    return "" if of_round is not None and folder.resolve() == of_round.folder / OWN_FORMS else f" --forms {folder}"
