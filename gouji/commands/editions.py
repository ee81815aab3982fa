"""`gouji forms copy`, `gouji forms diff`: a new edition made of one that is there, and how two of them differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.rulebook import rulebook
from gouji.screen import say, show_table
from gouji.templates.errors import DefinitionError
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.model import KIND_NAMES
from gouji.templates.rules.naming import item_label
from gouji.templates.text import file_name

_COPY = """\
# {form} 的新版本，由 {parent} 而来：这里没有写到的，都与它相同。
# 改标签、改评价标准各写一行，例如（把行首的“# ”去掉，换成这张表自己的项目名称）：
# change:
#   rows: {{其他资金: {{label: 单位自筹资金}}}}
#   columns: {{全年预算数: {{label: 调整后预算数}}}}
# 不再要的：
# remove: {{rows: [上年结转资金], checks: [A-07]}}
# 增加的核对：
# add:
#   checks:
#     - {{id: A-90, rule: 全年执行数 ≤ 年初预算数, each: 每行, severity: 核实性}}
# 有哪些项目名称：gouji forms show {parent}；与原版本有何不同：gouji forms diff {parent} {form}@{edition}
extends: {extends}
edition: {edition}
basis: 待定  # 待定：依据，哪一份文件的哪个附件
"""

Facts = dict[str, str]
"""Name of an item, indicator or rule → its description in words."""


def copy_edition(name: str, edition: str, to: Path, layers: Sequence[Path] = ()) -> None:
    """Writes `<to>/<表>/<edition>.yaml`, which extends the edition that is named.

    Raises FormNotFoundError, DefinitionError for a name that cannot be a file's, FileExistsError, OSError.
    """
    form = chosen_catalogue(layers).find(name)
    path = edition_file(to, form.name, edition)
    write_new(path, begun_edition(form, edition))
    console = Console()
    say(console, f"已写出 {path}，现在与 {form.key} 完全相同。")
    say(console, f"改好以后运行：gouji forms check {to}")


def write_new(path: Path, text: str) -> None:
    """A definition where there is none yet. Raises FileExistsError, OSError."""
    with path.open("x", encoding="utf-8", newline="\n") as target:
        target.write(text)


def begun_edition(form: Form, edition: str) -> str:
    """The definition of an edition that extends `form` and is no different yet."""
    return _COPY.format(form=form.name, parent=form.key, edition=edition, extends=form.edition)


def edition_file(folder: Path, form: str, edition: str) -> Path:
    """Where an edition is defined; the folder is made. Raises DefinitionError for a name that cannot be a file's."""
    for name in (form, edition):
        if file_name(f"{name}.yaml") != f"{name}.yaml" or "@" in name:
            raise DefinitionError(
                name, "", '表名和版本要作文件名，不能有 / \\ : * ? " < > | @ 和首尾的空格，也不能太长'
            )
    path = folder / form / f"{edition}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def diff_editions(first: str, second: str, layers: Sequence[Path] = (), *, as_json: bool) -> int:
    """Prints how the second edition differs from the first: items, indicators, rules. 1 where they differ, else 0.

    Raises FormNotFoundError, DefinitionError.
    """
    catalogue = chosen_catalogue(layers)
    forms = catalogue.find(first), catalogue.find(second)
    rows = differences(*forms)
    if as_json:
        keys = ("kind", "name", "first", "second")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
        return int(bool(rows))
    console = Console()
    if rows:
        show_table(console, ["类别", "名称", *(form.key for form in forms)], rows)
    say(console, f"共 {len(rows)} 处不同。" if rows else "两个版本的项目、分值和核对都相同。")
    return int(bool(rows))


def differences(first: Form, second: Form) -> list[list[str]]:
    """A row per difference: aspect (表, 项目 …), name, the text of the first edition, that of the second."""
    return [row for aspect, facts in _ASPECTS.items() for row in _differences(aspect, facts(first), facts(second))]


def _differences(aspect: str, first: Facts, second: Facts) -> Iterator[list[str]]:
    for name in dict.fromkeys([*first, *second]):
        before, after = first.get(name, "没有"), second.get(name, "没有")
        if before != after:
            yield [aspect, name, before, after]


def _items(form: Form) -> Facts:
    columns = (item for spec in form.lists.values() for item in spec.columns.values())
    return {item.id: _item(form, item) for item in (*form.items.values(), *columns)}


def _item(form: Form, item: Item) -> str:
    label = item_label(form, item, None)
    fixed = "" if item.fixed is None else f"固定为 {plain(item.fixed)}"
    return "，".join(filter(None, [label, KIND_NAMES[item.kind], "必填" if item.required else "", fixed]))


def _indicators(form: Form) -> Facts:
    indicators = [block.indicators[place] for block, place in form.indicators.values()]
    return {indicator.id: f"{plain(indicator.points)}分：{indicator.criterion}" for indicator in indicators} | _groups(
        form
    )


def _groups(form: Form) -> Facts:
    marks = form.scope.full_marks
    groups = {name for spec in form.lists.values() for name in (*spec.groups, *spec.groups.values())}
    return {name: f"{plain(marks[name])}分" if name in marks else "不定分值" for name in sorted(groups)}


def _rules(form: Form) -> Facts:
    rules = rulebook([form])
    return {rule.id: f"{rule.words}（{rule.severity}）" for rule in rules if rule.form is not None}


def _about(form: Form) -> Facts:
    definition = form.definition
    return {"标题": "、".join(form.titles), "简称": definition.short, "依据": definition.basis}


_ASPECTS: dict[str, Callable[[Form], Facts]] = {
    "表": _about, "项目": _items, "指标": _indicators, "核对": _rules,
}  # fmt: skip
