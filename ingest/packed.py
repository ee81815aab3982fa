"""A reading as bytes: what tells whose tables they are apart from their values, so that each is unpacked where needed.

The bytes travel between processes and are kept on disk, so they are plain data that runs nothing when it is unpacked.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import msgspec

from gouji.ingest.read_return import FileReading
from gouji.ingest.text_beside import TextBeside
from gouji.ingest.values import Values


@dataclass(frozen=True, slots=True)
class Packed:
    """`head`: the reading without the values of its tables and the text around them; `figures`: both, the value columns
    in the order of the tables.

    The head does not hold the file's name: equal contents are equal bytes.
    """

    sha256: str
    head: bytes
    figures: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What a reading keeps on disk until it is asked for: the value columns of every table, the text beside them."""

    values: list[Values]
    paragraphs: list[TextBeside]


def pack(reading: FileReading) -> Packed:
    """Both halves of a reading."""
    bare = [replace(table, values=_told(table.values)) for table in reading.tables]
    columns = [
        replace(table.values, as_text=[], guessed_percent=[], unnamed=[], anything=False) for table in reading.tables
    ]
    head = msgspec.msgpack.encode(replace(reading, file="", tables=bare, paragraphs=[]))
    body = msgspec.msgpack.encode(Body(columns, reading.paragraphs))
    return Packed(reading.sha256, head, zlib.compress(body, 1))


def unpack_head(head: bytes, file: str) -> FileReading:
    """The reading of the file of that name, its tables without values. Raises msgspec.DecodeError."""
    reading: FileReading = _HEADS.decode(head)
    reading.file = file
    return reading


def unpack_body(figures: bytes) -> Body:
    """The other half. Raises msgspec.DecodeError, zlib.error."""
    body: Body = _BODIES.decode(zlib.decompress(figures))
    return body


def _told(values: Values) -> Values:
    """What is said about the values, without them."""
    return Values(
        as_text=values.as_text,
        guessed_percent=values.guessed_percent,
        unnamed=values.unnamed,
        anything=values.anything,
    )


_HEADS = msgspec.msgpack.Decoder(FileReading)
_BODIES = msgspec.msgpack.Decoder(Body)
