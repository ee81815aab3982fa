"""Workbooks damaged at random, the same for the same number; and what the reading makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from gouji.ingest.read_return import FileReading, read_return
from gouji.ingest.register.batch import assemble
from gouji.templates.catalogue import built_in
from tests.hostile.base import Parts, good, zipped

_EXTREMES = (
    "0", "-0", "-1", "1e300", "1e-300", "1e400", "NaN", "inf", "65535", "65536", "1048577", "4294967295", "4294967296",
    "9223372036854775807", "99999999999999999999", "", " ", "A1", "XFD1048576", "true", "中", "&amp;", "x" * 5000,
)  # fmt: skip
_ATTRIBUTE = re.compile(rb'(?<==")[^"<>]*(?=")')
_NUMBER = re.compile(rb"(?<=>)-?[0-9][0-9.]*(?=</)")
_ELEMENT = re.compile(rb"<[a-zA-Z]+[^<>]*/>|<([a-zA-Z]+)[^<>]*>[^<>]*</\1>")
_NAME = re.compile(rb"(?<=<)[a-zA-Z]+|(?<=</)[a-zA-Z]+")
_NEVER_READ = {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml", "docProps/core.xml", "docProps/app.xml"}
"""Parts in which damage is of no interest."""


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 3, 20))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _span(data: bytes, random: Random) -> tuple[int, int]:
    first = random.randrange(len(data))
    return first, min(len(data), first + random.choice((1, 4, 50, 2000)))


def _cut(data: bytes, random: Random) -> bytes:
    first, last = _span(data, random)
    return data[:first] + data[last:]


def _doubled(data: bytes, random: Random) -> bytes:
    first, last = _span(data, random)
    return data[:last] + data[first:last] + data[last:]


def _shortened(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


_BYTES = (_flipped, _cut, _doubled, _shortened)


def _exchanged(pattern: re.Pattern[bytes], values: Sequence[bytes]) -> Callable[[bytes, Random], bytes]:
    """Some of what the pattern finds gets one of the values, or what stands elsewhere."""

    def change(part: bytes, random: Random) -> bytes:
        matches = list(pattern.finditer(part))
        for place in sorted(
            random.sample(matches, min(len(matches), random.choice((1, 2, 8)))), key=lambda match: -match.start()
        ):
            value = random.choice(values) if values and random.random() < 0.7 else random.choice(matches)[0]
            part = part[: place.start()] + value + part[place.end() :]
        return part

    return change


_EXTREME_BYTES = [text.encode() for text in _EXTREMES]
_XML = (
    _exchanged(_ATTRIBUTE, _EXTREME_BYTES),
    _exchanged(_NUMBER, _EXTREME_BYTES),
    _exchanged(_ELEMENT, [b"", b"<f>1+1</f>", b"<v>1</v>", b"<c/>", b"<row/>"]),
    _exchanged(_NAME, [b"row", b"c", b"v", b"f", b"is", b"t", b"sheet", b"a"]),
)


def _members(parts: Parts, random: Random) -> list[tuple[str, bytes]]:
    """Members dropped, swapped, renamed or listed twice."""
    members = list(parts.items())
    first, second = random.sample(range(len(members)), 2)
    match random.randrange(4):
        case 0:
            del members[first]
        case 1:
            members[first], members[second] = (
                (members[first][0], members[second][1]),
                (members[second][0], members[first][1]),
            )
        case 2:
            name = random.choice((members[first][0].upper(), f"/{members[first][0]}", f"{members[first][0]}x", ""))
            members[first] = name, members[first][1]
        case _:
            members.insert(second, (f"{members[first][0]} ", members[first][1]))
    return members


def mutant(number: int) -> bytes:
    """The damaged workbook of this number."""
    random = Random(number)
    parts = good(number % 1000)
    kind = random.random()
    if kind < 0.2:
        return random.choice(_BYTES)(zipped(parts), random)
    if kind < 0.3:
        return zipped(_members(parts, random))
    names = [name for name in parts if name not in _NEVER_READ]
    for name in random.sample(names, random.choice((1, 1, 2))):
        parts[name] = random.choice((*_XML, *_XML, *_BYTES))(parts[name], random)
    return zipped(parts)


def verdicts(numbers: Sequence[int]) -> list[str]:
    """What becomes of each mutant: `read`, why it was refused, or the exception that got out. Runs in a worker."""
    readings = [_reading(number) for number in numbers]
    crash = _crash([reading for reading in readings if isinstance(reading, FileReading)])
    return [_verdict(reading, asked=bool(crash)) for reading in readings]


def _verdict(reading: FileReading | str, *, asked: bool) -> str:
    """`asked`: whether some of those that were read together could not be registered."""
    if isinstance(reading, str):
        return reading
    return (_crash([reading]) if asked else "") or reading.refused or "read"


def _crash(readings: list[FileReading]) -> str:
    """The exception with which registering the readings ends, if it does."""
    try:
        assemble(readings, None, None)
    except MemoryError:
        raise
    except Exception as error:  # that it gets out is what is to be told
        return f"crashed {type(error).__name__}"
    return ""


def _reading(number: int) -> FileReading | str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{number}.xlsx"
        path.write_bytes(mutant(number))
        try:
            return read_return(path, path.name, built_in())
        except MemoryError:
            raise
        except Exception as error:  # as above
            return f"crashed {type(error).__name__}"
