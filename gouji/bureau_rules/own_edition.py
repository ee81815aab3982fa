"""The bureau's edition that a 规则簿 is written into: its file as it stands, or one that is begun."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gouji.commands.editions import begun_edition, edition_file
from gouji.ingest.beside.rule_workbook import RuleWorkbookError
from gouji.templates.catalogue import Catalogue
from gouji.templates.checks import Check
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.templates.layer import BUILT_IN, Edition, Layer
from gouji.templates.plain_yaml import plain_text
from gouji.templates.rewritten import with_checks


@dataclass(frozen=True)
class OwnEdition:
    """`form`: the edition as it is now, or as it will begin; `parent`: the checks of the edition that it extends,
    None where it extends none; `name`: its file below `folder`; `text`: the text of that file now, or to begin with.
    """

    edition: Edition
    form: Form
    parent: Sequence[Check] | None
    folder: Path
    name: str
    text: str
    is_new: bool

    @property
    def path(self) -> Path:
        return self.folder / self.name


def own_edition(catalogue: Catalogue, folder: Path, exported: Form, edition: str) -> OwnEdition:
    """The edition of that name below `folder`, begun from the edition `exported` where there is none.

    Raises RuleWorkbookError where the edition belongs to another folder or to gouji, DefinitionError.
    """
    key = exported.name, edition
    at = next((at for at, layer in enumerate(catalogue.layers) if at and _is(layer, folder)), None)
    if at is not None and key in catalogue.layers[at].editions:
        return _standing(catalogue, at, folder, key)
    origin = catalogue.origin(key)
    if origin not in ("", BUILT_IN):
        raise RuleWorkbookError(f"“{'@'.join(key)}”的定义在“{origin}”里，不在“{folder}”里。请加 --forms {origin}。")
    if origin == BUILT_IN and edition != exported.edition:
        raise RuleWorkbookError(
            f"“{edition}”是随勾稽安装的另一个版本，规则簿是“{exported.edition}”的，不能写成它。"
            "请用 --edition 另取一个版本名。"
        )
    text = begun_edition(exported, edition)
    checks = exported.definition.checks
    return OwnEdition(key, exported, checks, folder, f"{exported.name}/{edition}.yaml", text, is_new=True)


def _is(layer: Layer, folder: Path) -> bool:
    return Path(layer.origin).resolve() == folder.resolve()


def _standing(catalogue: Catalogue, at: int, folder: Path, key: Edition) -> OwnEdition:
    layer = catalogue.layers[at]
    if catalogue.origin(key) != layer.origin:
        raise RuleWorkbookError(
            f"“{'@'.join(key)}”在“{folder}”里的定义被“{catalogue.origin(key)}”里的同名版本取代，改了不起作用。"
            f"请加 --forms {catalogue.origin(key)}。"
        )
    name, extends = layer.editions[key][0], layer.plain(key).get("extends")
    parent = None
    if extends is not None:
        below = Catalogue(catalogue.layers[: at if extends == key[1] else at + 1])
        parent = below.form(key[0], str(extends)).definition.checks
    form, text = catalogue.form(*key), plain_text(layer.files[name])
    return OwnEdition(key, form, parent, folder, name, text, is_new=False)


def rewritten(catalogue: Catalogue, target: OwnEdition, checks: Sequence[Check]) -> str:
    """The definition with these checks, tried in the catalogue first: it must read back as these, and break no other.

    Raises DefinitionError.
    """
    text = with_checks(target.text, checks, target.form.definition.checks, target.parent)
    tried = _with_file(catalogue, target, text.encode())
    checks_read = tried.form(*target.edition).definition.checks
    if {check.id: check for check in checks_read} != {check.id: check for check in checks}:
        raise DefinitionError(str(target.path), "checks", "规则写进定义后与规则簿不一致，没有写出，请直接修改这个文件")
    for edition, error in tried.broken.items():
        if edition not in catalogue.broken:
            raise DefinitionError(
                error.file, error.key, f"照规则簿改了以后，{'@'.join(edition)} 就不能用了：{error.message}"
            )
    return text


def write(target: OwnEdition, text: str) -> None:
    """The file, replaced as a whole. Raises DefinitionError for a name that cannot be a file's, OSError."""
    if target.is_new:
        edition_file(target.folder, *target.edition)
    part = target.path.with_name(
        f".{target.path.name}.{os.getpid()}"
    )  # hidden: no definition for whoever looks meanwhile
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, target.path)
    finally:
        part.unlink(missing_ok=True)


def _with_file(catalogue: Catalogue, target: OwnEdition, data: bytes) -> Catalogue:
    """The catalogue as it will be once the file is written."""
    layers = list(catalogue.layers)
    at = next((at for at, layer in enumerate(layers) if at and _is(layer, target.folder)), None)
    if at is None:
        return Catalogue((*layers, Layer.of(str(target.folder), {target.name: data})))
    layers[at] = Layer.of(layers[at].origin, layers[at].files | {target.name: data})
    return Catalogue(tuple(layers))
