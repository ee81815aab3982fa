"""The parts of a Word file of which one differs from letter to letter: all others are compressed once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from copy import copy

_EPOCH = (1980, 1, 1, 0, 0, 0)


class Package:
    """The file with `parts` (name → contents), no time in it; equal parts give equal bytes."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in parts.items():
                _write(archive, name, content)
        self._members = archive.infolist()
        whole = made.getvalue()
        ends = [*(one.header_offset for one in self._members[1:]), archive.start_dir]
        self._packed = [whole[one.header_offset : end] for one, end in zip(self._members, ends, strict=True)]

    def with_part(self, name: str, content: bytes) -> bytes:
        """The file with another `content` of this part."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for member, packed in zip(self._members, self._packed, strict=True):
                if member.filename == name:
                    _write(archive, name, content)
                    continue
                as_packed = copy(member)
                as_packed.header_offset = archive.start_dir
                made.seek(archive.start_dir)
                made.write(packed)
                archive.filelist.append(as_packed)
                archive.start_dir = made.tell()
        return made.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
