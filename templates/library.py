"""The catalogue that comes with gouji, by functions."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.layer import INSTALLED

OTHER_FORMS = "GOUJI_FORMS"
"""Environment variable: a folder of definitions to be used in place of the installed ones (a replay years later)."""
FORMS = Path(os.environ.get(OTHER_FORMS) or INSTALLED)


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return Catalogue.of([FORMS])


def editions() -> list[tuple[str, str]]:
    """Every (form, edition) in the catalogue, sorted."""
    return _catalogue().editions


def all_forms() -> list[Form]:
    """Every edition, loaded."""
    return list(_catalogue().forms)


def get_form(form: str, edition: str) -> Form:
    """The edition of a form by its exact names. Raises FormNotFoundError, DefinitionError."""
    return _catalogue().form(form, edition)


def find_form(wanted: str) -> Form:
    """As `Catalogue.find`."""
    return _catalogue().find(wanted)


def all_supplements() -> list[Form]:
    """The 评分依据补充表 of every edition whose scoring rules need one."""
    return list(_catalogue().supplements)


def form_name(wanted: str) -> str | None:
    """As `Catalogue.full_name`."""
    return _catalogue().full_name(wanted)


def catalogue_version() -> str:
    """A hash over every definition."""
    return _catalogue().version
