"""收到登记: when each file was first and last seen in a round, by its contents, whatever it is called."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from gouji.ingest.place import Place
from gouji.templates.replacing import replaced

_LONGEST = 64 * 1024 * 1024
"""Bytes of a register; a file takes 250."""


class ReceiptsError(Exception):
    """The register cannot be read; the message is Chinese."""


class Receipt(msgspec.Struct, frozen=True):
    """A file by its `sha256`, the name that it had first, when runs saw it `first` and `last`, and when it was modified
    as the file itself says (whoever copies it may change that); times as ISO 8601 with their zone. `made_of`: the hash
    of the file that it is a mended copy of, which may have been overwritten by it since."""

    sha256: str
    file: str
    first: str
    last: str
    modified: str | None = None
    made_of: str | None = None

    @property
    def first_day(self) -> datetime.date:
        """The day on which it was first seen."""
        return datetime.date.fromisoformat(self.first[:10])

    @property
    def modified_day(self) -> datetime.date | None:
        """The day of its own modification."""
        return None if self.modified is None else datetime.date.fromisoformat(self.modified[:10])


Receipts = Mapping[str, Receipt]
"""SHA-256 → receipt."""


def read_receipts(path: Path) -> dict[str, Receipt]:
    """The register; empty where there is none yet. Raises ReceiptsError, OSError."""
    try:
        with path.open("rb") as opened:
            data = opened.read(_LONGEST + 1)
    except FileNotFoundError:
        return {}
    try:
        if len(data) > _LONGEST:
            raise ValueError(path)
        read = [msgspec.json.decode(line, type=Receipt) for line in data.splitlines() if line.strip()]
        for receipt in read:
            _ = receipt.first_day, receipt.modified_day
    except (msgspec.MsgspecError, ValueError) as error:
        raise ReceiptsError(
            f"“{path}”读不懂，可能被改动过或没有复制完，没有继续。请从备份恢复；确实找不回的，把它改名留存，"
            "各文件的首次收到时间就从这次算起。"
        ) from error
    return {receipt.sha256: receipt for receipt in read}


def seen(earlier: Receipts, files: Iterable[tuple[str, str, Place, str | None]], now: str) -> dict[str, Receipt]:
    """The `earlier` receipts with every (sha256, name, place, hash of its origin) that is seen `now`."""
    receipts = dict(earlier)
    for sha256, name, place, source in files:
        before = receipts.get(sha256) or Receipt(sha256, name, now, now, _modified(place), source)
        receipts[sha256] = msgspec.structs.replace(before, last=now)
    return receipts


def first_receipt(receipts: Receipts, sha256: str) -> Receipt | None:
    """The receipt of the first file that this one goes back to."""
    receipt, passed = receipts.get(sha256), {sha256}
    while (
        receipt is not None and (source := receipt.made_of) is not None and source in receipts and source not in passed
    ):
        passed.add(source)
        receipt = receipts[source]
    return receipt


def write_receipts(path: Path, receipts: Receipts) -> None:
    """The register, replaced whole; what somebody else has added meanwhile stays. Raises OSError, ReceiptsError."""
    merged = read_receipts(path) | dict(receipts)
    with replaced(path) as draft:
        draft.write_bytes(b"".join(msgspec.json.encode(receipt) + b"\n" for receipt in merged.values()))


def _modified(place: Place) -> str | None:
    if not isinstance(place, Path):
        return None
    try:
        stamp = place.stat().st_mtime
        return datetime.datetime.fromtimestamp(stamp).astimezone().isoformat(timespec="seconds")
    except (OSError, ValueError, OverflowError):
        return None
