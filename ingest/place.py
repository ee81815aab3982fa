"""Where a file is: on this machine, in a .zip there, or behind a URL that fsspec can open (s3://, http:// …)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote
from urllib.request import url2pathname

from gouji.ingest.admit import read_bytes
from gouji.ingest.files.zipped import member_bytes
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused

Place = Path | str
"""A path, or a URL."""
_PACKED, _WITHIN = "zip:file://", "!/"
"""How the place of a member of a .zip begins, and what stands before its name there."""


def place_within(archive: Path, stored: str) -> str:
    """The place of a member of a .zip, by its spelling there."""
    return f"zip:{archive.absolute().as_uri()}{_WITHIN}{quote(stored, safe='')}"


def place_of(text: str) -> Place:
    """What somebody named: a URL, or else a path."""
    return text if "://" in text else Path(text)


def contents(place: Place, limits: Limits | None = None) -> bytes:
    """The file's bytes, read once. Raises Refused."""
    bounds = limits or Limits()
    if isinstance(place, Path):
        return read_bytes(place, bounds)
    if place.startswith(_PACKED):
        archive, _, stored = place.removeprefix(_PACKED).rpartition(_WITHIN)
        return member_bytes(Path(url2pathname(archive)), unquote(stored), bounds)
    import fsspec

    try:
        with fsspec.open(place, "rb") as opened:
            data: bytes = opened.read(bounds.file_size + 1)  # what is larger is refused when it is examined
    except Exception as error:  # every kind of storage has errors of its own
        raise Refused("无法打开", "文件无法打开，可能已被移走，或没有读取权限。") from error
    return data
