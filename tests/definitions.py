"""Definitions that tests write, loaded upon the catalogue that comes with gouji."""

from __future__ import annotations

import re
from pathlib import Path

from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.layer import Layer, installed

_SAYS = r"""(?m)^{}: ["']?([^\s"'#!/]+)"""


def load_form(path: Path) -> Form:
    """The edition that a file defines, whatever the file is called, upon those that lie beside it."""
    text = path.read_bytes().decode("utf-8", "replace")
    form, edition = (re.search(_SAYS.format(key), text) for key in ("form", "edition"))
    name = form[1] if form else path.parent.name
    beside = {f"{name}/{file.name}": file.read_bytes() for file in path.parent.glob("*.yaml") if file != path}
    edition_name = edition[1] if edition else path.stem
    layer = Layer(str(path.parent.parent), "", beside | {f"{name}/{edition_name}.yaml": path.read_bytes()})
    return Catalogue((installed(), layer)).form(name, edition_name)
