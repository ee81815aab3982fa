"""Members of a zip archive that are compressed already: written as they are, into an archive after another."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_LEVEL = 6
_READABLE = 0o600 << 16
"""What zipfile says of a member that it is given without attributes."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it stands in an archive: deflated; checksum and size are those of what it is inflated to."""

    deflated: bytes
    checksum: int
    size: int


def packed(content: bytes) -> Packed:
    """A part, compressed."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(packer.compress(content) + packer.flush(), zlib.crc32(content), len(content))


def archive(members: Mapping[str, Packed]) -> bytes:
    """The archive with these members in their order, and no time in it: equal members give equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, member in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _READABLE
            info.CRC, info.file_size, info.compress_size = member.checksum, member.size, len(member.deflated)
            info.header_offset = opened.start_dir
            made.seek(opened.start_dir)
            made.write(info.FileHeader(zip64=False))
            made.write(member.deflated)
            opened.filelist.append(info)
            opened.start_dir = made.tell()
    return made.getvalue()
