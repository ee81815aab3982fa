"""The catalogue: which forms and editions there are, and their definitions read from `forms/`."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gouji.templates.definition import Definition
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.inherit import inherited
from gouji.templates.issuable import check_issuable
from gouji.templates.parsed import parsed
from gouji.templates.plain_yaml import PlainYamlError, plain_yaml, read_plain_yaml
from gouji.templates.supplement import SUPPLEMENT, supplement
from gouji.templates.wording import validation_message

OTHER_FORMS = "GOUJI_FORMS"
"""Environment variable: a folder of definitions to be used in place of the installed ones (a replay years later)."""
_INSTALLED = Path(__file__).parent / "forms"
FORMS = Path(os.environ.get(OTHER_FORMS) or _INSTALLED)


def read_yaml(path: Path) -> dict[str, Any]:
    """One definition file as plain data. Raises DefinitionError for what is no plain YAML, and duplicate keys."""
    try:
        installed = _INSTALLED in path.parents
        loaded = parsed(path, path.read_text(encoding="utf-8"), plain_yaml) if installed else read_plain_yaml(path)
    except PlainYamlError as error:
        raise DefinitionError(_shown(path), f"第 {error.line} 行" if error.line else "", error.problem) from error
    if not isinstance(loaded, dict):
        raise DefinitionError(_shown(path), "", "内容应为键和值，文件是空的或不是一张表")
    return loaded


def load_form(path: Path) -> Form:
    """One edition, its inheritance carried out, parsed and checked. Raises DefinitionError."""
    raw = _with_parents(path, ())
    form = Form(_validated(raw, path), source=_shown(path), uses=_used_form)
    check_issuable(form)
    return form


def editions() -> list[tuple[str, str]]:
    """Every (form, edition) in the catalogue, sorted."""
    return sorted((path.parent.name, path.stem) for path in FORMS.glob("*/*.yaml"))


def all_forms() -> list[Form]:
    """Every edition, loaded."""
    return [get_form(form, edition) for form, edition in editions()]


@lru_cache(maxsize=256)
def get_form(form: str, edition: str) -> Form:
    """The edition of a form by its exact names. Raises FormNotFoundError, DefinitionError."""
    if form == SUPPLEMENT:
        return _supplement(edition)
    # A name may come out of a returned file: it is looked up, and only then part of a path.
    if (form, edition) not in editions():
        raise FormNotFoundError(f"没有“{form}@{edition}”这个版本", _choices())
    path = FORMS / form / f"{edition}.yaml"
    loaded = load_form(path)
    if (loaded.name, loaded.edition) != (form, edition):
        raise DefinitionError(_shown(path), "form/edition", f"与文件所在位置 {form}/{edition}.yaml 不一致")
    return loaded


def find_form(wanted: str) -> Form:
    """`form` or `form@edition`, also by short name or by an edition that another one serves.

    Raises FormNotFoundError with the choices when nothing or more than one edition fits.
    """
    name, _, edition = wanted.partition("@")
    known = all_supplements() if name == SUPPLEMENT else all_forms()
    named = [form for form in known if name in form.known_names]
    fitting = [form for form in named if not edition or edition in form.known_editions]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise FormNotFoundError(f"没有找到表“{wanted}”", [form.key for form in named] or _choices())
    raise FormNotFoundError(f"“{wanted}”有 {len(fitting)} 个版本，请用 表名@版本 指明", [form.key for form in fitting])


def all_supplements() -> list[Form]:
    """The 评分依据补充表 of every edition whose scoring rules need one."""
    return [found for form in all_forms() if (found := supplement(form)) is not None]


def _supplement(edition: str) -> Form:
    found = next((form for form in all_supplements() if form.edition == edition), None)
    if found is None:
        raise FormNotFoundError(f"没有“{SUPPLEMENT}@{edition}”这个版本", [form.key for form in all_supplements()])
    return found


def form_name(wanted: str) -> str | None:
    """The full name of a form given by full, short or other title, whatever its edition; None when unknown."""
    name = wanted.partition("@")[0].strip()
    return next((form.name for form in all_forms() if name in form.known_names), None)


@lru_cache(maxsize=1)
def catalogue_version() -> str:
    """A hash over every definition file: results are only comparable under the same one."""
    digest = hashlib.sha256()
    for path in sorted(FORMS.glob("*/*.yaml")):
        digest.update(f"{path.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _choices() -> list[str]:
    return [f"{form}@{edition}" for form, edition in editions()]


def _used_form(key: str) -> Form:
    form, _, edition = key.partition("@")
    return get_form(form, edition)


def _with_parents(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    raw = read_yaml(path)
    parent_edition = raw.get("extends")
    if parent_edition is None:
        return raw
    parent = path.parent / f"{parent_edition}.yaml"
    if parent in (*seen, path):
        raise DefinitionError(_shown(path), "extends", f"“{parent_edition}”绕回到了自己")
    if not parent.is_file():
        raise DefinitionError(_shown(path), "extends", f"没有“{parent_edition}”这个版本")
    return inherited(_with_parents(parent, (*seen, path)), raw, _shown(path))


def _validated(raw: dict[str, Any], path: Path) -> Definition:
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise DefinitionError(_shown(path), key, validation_message(first)) from error


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
