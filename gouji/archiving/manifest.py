"""归档清单.json: what an archive of a round holds, with the hash of every member, and what it lacks.

An archive may have been tampered with. Its manifest is believed no further than its shape and the hashes go.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Annotated

import msgspec

from gouji.templates.text import file_name

MANIFEST = "归档清单.json"
ORIGINALS, GIVEN, DEFINITIONS, RULES, RESULTS, ROUND = "原件", "随附", "表样定义", "规则", "结果", "这一轮"
"""Folders of an archive."""
FORMAT, VERSION = "gouji归档", 1
_DEEPEST = 4

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Size = Annotated[int, msgspec.Meta(ge=0)]


class ArchiveError(Exception):
    """An archive cannot be made or used; the message is Chinese."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the archive besides the manifest."""

    name: str
    sha256: Sha256
    size: Size


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in, under its true name. `member`: empty where the archive does not hold it."""

    file: str
    sha256: str
    outcome: str
    member: str = ""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the run was given beside: roster, previous, reference or library."""

    role: str
    file: str
    sha256: Sha256
    member: str = ""


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """What should be in the archive and is not, and why."""

    name: str
    reason: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`program`, `definitions`: hashes of the code and the catalogue of the run that is archived."""

    format: str
    version: int
    gouji: str
    program: str
    definitions: str
    originals: list[Original]
    given: list[Given]
    members: list[Member]
    absent: list[Absent] = []
    changed: list[str] = []
    """Outputs that are archived as they are now, not as the run wrote them (审核意见 in 汇总.xlsx)."""


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON; equal manifests are equal bytes."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """The manifest, each of its names safe and listed once. Raises ArchiveError."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveError(f"归档里的 {MANIFEST} 无法读取，归档可能已损坏。") from error
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise ArchiveError(
            f"归档里的 {MANIFEST} 不是这个版本的勾稽写的，请用归档时的版本（{manifest.gouji[:20]}）打开。"
        )
    names = [member.name for member in manifest.members]
    require_safe([*names, MANIFEST])
    held = {member.name: member.sha256 for member in manifest.members}
    files: list[Original | Given] = [*manifest.originals, *manifest.given]
    for file in files:
        if file.member and held.get(file.member) != file.sha256:
            raise ArchiveError(
                f"{MANIFEST} 里“{shown(file.file)}”的校验值与成员“{shown(file.member)}”的对不上，归档被改动过。"
            )
    return manifest


def require_safe(names: Iterable[str]) -> None:
    """Raises ArchiveError for a name that leads outside, that not every system can hold, or that comes twice."""
    taken: set[str] = set()
    for name in names:
        parts = name.split("/")
        if len(parts) > _DEEPEST or any(file_name(part) != part for part in parts):
            raise ArchiveError(f"归档里的成员名“{shown(name)}”不安全（会写到归档以外，或不是合法的文件名），未予解开。")
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in taken:
            raise ArchiveError(f"归档里的成员“{shown(name)}”重名，未予解开。")
        taken.add(folded)


def layer_folder(number: int) -> str:
    """The folder of the definitions of a layer: 表样定义, 表样定义-2, …"""
    return f"{DEFINITIONS}-{number + 1}" if number else DEFINITIONS


def shown(name: str) -> str:
    """A name for a message: one line without control characters, not endless."""
    return "".join(sign if sign.isprintable() else "�" for sign in name[:120])


def listed(names: Iterable[str], most: int = 10) -> str:
    """The first few names, each on its line."""
    all_names = list(names)
    and_more = [f"……等 {len(all_names)} 个"] if len(all_names) > most else []
    return "".join(f"\n  {name}" for name in [*map(shown, all_names[:most]), *and_more])
