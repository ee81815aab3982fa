"""An archive opened with care: nothing is read out of it before every name and every hash has been checked."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gouji.archiving.manifest import MANIFEST, ArchiveError, Manifest, Member, listed, read_manifest, require_safe
from gouji.ingest.limits import MEGABYTE, Limits

_MOST_MEMBERS = 500_000
_LONGEST_MANIFEST = 512 * MEGABYTE
_BLOCK = 1 << 20
_HOW = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Every member as a file below `folder`, under its name, the manifest too; returns the manifest.

    Raises FileNotFoundError, ArchiveError when anything is not as the manifest says, by name.
    """
    with _opened(archive) as held:
        infos = _members(held)
        data = _manifest(held, infos)
        manifest = read_manifest(data)
        _require_listed(manifest, infos)
        _require_room(manifest, archive, folder)
        wrong = [member.name for member in manifest.members if not _extract(held, infos[member.name], member, folder)]
    if wrong:
        raise ArchiveError(
            f"归档里有 {len(wrong)} 个成员与清单的校验值不符，归档被改动过或已损坏，没有重算：{listed(wrong)}"
        )
    (folder / MANIFEST).write_bytes(data)
    return manifest


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as held:
            if min((info.header_offset for info in held.infolist()), default=0):
                # Cut short behind a member that is a zip itself (汇总.xlsx), whose end is then taken for the archive's.
                raise zipfile.BadZipFile("begins with something else")
            yield held
    except _DAMAGED as error:
        raise ArchiveError(f"“{archive}”不是归档文件，或已损坏，不能打开。") from error


def _members(held: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members by name. Names are looked at as they stand in the file, before zipfile mends them."""
    infos = held.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise ArchiveError(f"归档里的成员超过 {_MOST_MEMBERS} 个，未予解开。")
    require_safe(info.orig_filename for info in infos)
    if any(info.flag_bits & 1 or info.compress_type not in _HOW for info in infos):
        raise ArchiveError("归档里有加密的成员，或压缩方式不是勾稽所用的，未予解开。")
    return {info.filename: info for info in infos}


def _manifest(held: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> bytes:
    if MANIFEST not in infos:
        raise ArchiveError(f"这个压缩文件里没有 {MANIFEST}，不是 gouji archive 做的归档。")
    with held.open(infos[MANIFEST]) as member:
        data = member.read(_LONGEST_MANIFEST + 1)
    if len(data) > _LONGEST_MANIFEST:
        raise ArchiveError(f"归档里的 {MANIFEST} 过大，未予读取。")
    return data


def _require_listed(manifest: Manifest, infos: dict[str, zipfile.ZipInfo]) -> None:
    """The archive holds what the manifest lists, no less and no more."""
    stated = {member.name for member in manifest.members}
    missing, strange = sorted(stated - infos.keys()), sorted(infos.keys() - stated - {MANIFEST})
    if missing:
        raise ArchiveError(f"清单里有、归档里没有的成员 {len(missing)} 个，归档不完整，没有重算：{listed(missing)}")
    if strange:
        raise ArchiveError(f"归档里有、清单里没有的成员 {len(strange)} 个，归档被改动过，没有重算：{listed(strange)}")


def _require_room(manifest: Manifest, archive: Path, folder: Path) -> None:
    limits, total = Limits(), sum(member.size for member in manifest.members)
    if total > max(limits.ratio_from, limits.ratio * archive.stat().st_size):
        raise ArchiveError("归档解开后的大小与文件大小相差过多，未予解开。")
    if total > shutil.disk_usage(folder).free:
        raise ArchiveError(f"解开归档要 {total // MEGABYTE + 1} MB，磁盘空间不够。")


def _extract(held: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member, folder: Path) -> bool:
    """Write a member, never more bytes than its stated size; returns whether size and hash match the manifest."""
    place = folder.joinpath(*member.name.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    digest, remaining = hashlib.sha256(), member.size
    try:
        with held.open(info) as source, place.open("xb") as target:
            while block := source.read(_BLOCK):
                remaining -= len(block)
                if remaining < 0:
                    return False
                digest.update(block)
                target.write(block)
    except _DAMAGED:  # zipfile's own check of the member, or the archive is cut short
        return False
    return remaining == 0 and digest.hexdigest() == member.sha256
