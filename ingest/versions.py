"""What a reading depends on: the program that read it, and the definitions that it was read by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from ingest.limits import Limits
from templates.errors import FormNotFoundError
from templates.form import Form
from templates.library import catalogue_version, get_form
from templates.vocabulary import FILE as VOCABULARY

_READERS = ("lxml", "python-calamine", "pydantic", "rapidfuzz")
_FOLDERS = ("ingest", "templates")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A hash over all code that a reading passes through: this application's own, and the readers' versions."""
    digest = hashlib.sha256(" ".join(version(name) for name in _READERS).encode())
    house = Path(__file__).parents[1]
    code = (path for folder in _FOLDERS for path in (house / folder).rglob("*.py"))
    for path in sorted([*code, VOCABULARY]):
        digest.update(path.relative_to(house).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def stamp(forms: Iterable[str] | None, limits: Limits) -> str | None:
    """What a reading within these limits is kept under that was read by these forms (`表@版本`; None: the catalogue).

    Returns None where one of the forms is not in the catalogue any more.
    """
    bounds = hashlib.sha256(repr(limits).encode()).hexdigest()[:16]
    if forms is None:
        return "/".join([reader_version(), bounds, catalogue_version()])
    try:
        versions = [_form_version(get_form(*key.split("@", 1))) for key in sorted(forms)]
    except FormNotFoundError:
        return None
    return "/".join([reader_version(), bounds, *versions])


@lru_cache(maxsize=256)
def _form_version(form: Form) -> str:
    """A hash over the definition with all that it inherits."""
    return hashlib.sha256(form.definition.model_dump_json().encode()).hexdigest()[:16]
