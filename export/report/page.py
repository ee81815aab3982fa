"""The page as text: its parts put together, its data packed, and a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gouji.templates.text import MAX_CELL, sheet_text

_SUSPECT = re.compile("\\\\[^n]|[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Signs that do not stay as they are, as JSON has them: what it writes with a backslash, but for line feeds."""
_HERE = Path(__file__).parent
_SCRIPT_LIBRARY = ("dt_bundle.js", "dt_bundle.css")
"""DataTables as the package itables carries it, so that no copy of it stands in this project."""


def rendered(facts: Mapping[str, Any], data: Mapping[str, Markup], more_styles: Sequence[str]) -> str:
    """The page from what the template names, what its script reads (name → packed data), and the charts' styles."""
    library, library_styles = (_library(name) for name in _SCRIPT_LIBRARY)
    scripts = [library, _own("page.js")]
    styles = [library_styles, _own("page.css"), *map(_inline, more_styles)]
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, finalize=through_the_gate, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template("page.html").render(
        facts,
        policy=_policy(scripts, styles),
        scripts=[Markup(script) for script in scripts],
        styles=[Markup(style) for style in styles],
        data=data,
    )


def packed(value: Any) -> Markup:
    """JSON, compressed, in letters and digits: nothing in it can be taken for markup. Equal data give equal text."""
    text = _json(value)
    if _may_be_unclean(text):
        text = _json(_clean(value))
    return Markup(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _may_be_unclean(text: str) -> bool:
    """Whether JSON may hold a text that `sheet_text` would change: one look at a page is faster than one per text."""
    if _SUSPECT.search(text):
        return True
    return max(map(len, text.split('"'))) >= MAX_CELL // 2


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return sheet_text(value)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return value


def through_the_gate(value: Any) -> Any:
    """Every text on its way into the markup; Jinja escapes what comes out of here."""
    return sheet_text(value) if type(value) is str else "" if value is None else value


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Nothing is loaded from anywhere; only the page's own scripts and styles apply, told by their hashes."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(_source(script) for script in scripts)}",
            f"style-src {' '.join(_source(style) for style in styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _own(name: str) -> str:
    return _inline((_HERE / name).read_text(encoding="utf-8"))


def _library(name: str) -> str:
    return _inline((files("itables") / "html" / name).read_text(encoding="utf-8"))


def _inline(text: str) -> str:
    """Fit to stand between the tags: browsers read CR as LF, and these signs would begin or end a tag for them.

    In a script they can only stand in a string or a pattern, where a backslash before them changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("<!--", "<\\!--").replace("</script", "<\\/script")
