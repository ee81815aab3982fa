"""What a reading depends on: the program that read it, and the definitions that it was read by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version

from gouji.ingest.files.converted import converter
from gouji.ingest.files.pdf_pages import has_reader
from gouji.ingest.limits import Limits
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.program import modules
from gouji.templates.taught import Taught, of_form
from gouji.templates.vocabulary import FILE as VOCABULARY

_READERS = ("lxml", "python-calamine", "pydantic", "rapidfuzz")
_OF_PDF = ("pdfplumber", "pdfminer.six")
_ROOMS = ("ingest", "templates")


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A hash over all code that a reading passes through: this application's own, and the readers' versions."""
    # With LibreOffice or pdfplumber installed, files are read that are not without.
    told = [version(name) for name in (*_READERS, *(_OF_PDF if has_reader() else ()))]
    told += ["LibreOffice"] if converter() else []
    digest = hashlib.sha256(" ".join(told).encode())
    for name, path in [*modules(*_ROOMS), (VOCABULARY.name, VOCABULARY)]:
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def stamp(
    forms: Iterable[str] | None, catalogue: Catalogue, limits: Limits, taught: tuple[Taught, ...] = ()
) -> str | None:
    """What a reading within these limits is kept under that was read by these forms (`表@版本`; None: all) of a
    catalogue.

    `taught`: all that people said of labels. What they said of other forms than these changes nothing; a sheet that was
    compared with every form depends on all of it. Returns None where a form is
    not in the catalogue any more, or cannot be used.
    """
    bounds = _hash(repr(limits))
    if forms is None:
        return "/".join([reader_version(), bounds, catalogue.version, *_said(taught)])
    try:
        known = [catalogue.form(*key.split("@", 1)) for key in sorted(forms)]
    except (DefinitionError, FormNotFoundError):
        return None
    own = [_said(of_form(taught, form.name, form.edition)) for form in known]
    versions = [part for form, said in zip(known, own, strict=True) for part in (_form_version(form), *said)]
    return "/".join([reader_version(), bounds, *versions])


def _said(taught: tuple[Taught, ...]) -> list[str]:
    return [_hash(repr(sorted(taught, key=lambda one: one.wording)))] if taught else []


@lru_cache(maxsize=256)
def _form_version(form: Form) -> str:
    """A hash over the definition with all that it inherits."""
    return _hash(form.definition.model_dump_json())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
