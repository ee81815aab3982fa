"""Admission of an untrusted file: read once, looked at from outside, then let in or turned away."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from gouji.ingest.acting.document import document_acts
from gouji.ingest.acting.kinds import remarks
from gouji.ingest.acting.ods import ods_acts
from gouji.ingest.acting.workbook import workbook_acts
from gouji.ingest.acting.xls import xls_acts
from gouji.ingest.acting.xlsb import xlsb_acts
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.bounds import check_extent, check_ods, check_xls, check_xlsb
from gouji.ingest.files.cfb import MAGIC, CompoundFile
from gouji.ingest.files.content import not_a_spreadsheet, stranger
from gouji.ingest.files.mend_ods import MIMETYPE, is_bare_spreadsheet
from gouji.ingest.files.mend_xls import workbook_stream
from gouji.ingest.files.ods_sight import ods_sights
from gouji.ingest.files.package import (
    SheetEntry,
    calculates_as_shown,
    document_part,
    looks,
    shared_texts,
    sheet_entries,
    workbook_part,
)
from gouji.ingest.files.pdf_pages import SIGN, has_reader, no_reader
from gouji.ingest.files.scan import scan_sheet
from gouji.ingest.files.sheet_scan import SheetScan
from gouji.ingest.files.sight import Sight
from gouji.ingest.files.texts import check_blanks, check_namespaces, check_texts
from gouji.ingest.files.usual_places import Places, usual_places
from gouji.ingest.files.xls_sight import xls_sights
from gouji.ingest.files.xlsb_sight import xlsb_sights
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, damaged, encrypted
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET

__all__ = ["Admitted", "Limits", "Refused", "admit", "check_size", "examine", "read_bytes"]

_OTHER_PACKAGES = {"word/": "一份 Word 文档", "ppt/": "一份 PowerPoint 演示文稿", "visio/": "一份 Visio 图"}
_OTHER_STREAMS = {
    "WordDocument": "一份 Word 文档（或 WPS 文字）",
    "PowerPoint Document": "一份 PowerPoint 演示文稿",
}
_EXTENSIONS = {
    "xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "xls": {".xls", ".xlt"},
    "et": {".et", ".ett"},
    "ods": {".ods", ".ots"},
    "xlsb": {".xlsb"},
    "docx": {".docx", ".docm", ".dotx", ".dotm"},
    "pdf": {".pdf"},
}


@dataclass(slots=True)
class Admitted:
    """A file that may be read.

    kind: xlsx, xls, et, ods, xlsb, docx or pdf; notes: Chinese remarks on the file; archive: its members unless it
    is a compound file; sheets and scans: for xlsx, what the workbook lists, and the scan of each that
    has a sheet part, by member name; places: for xlsx, where its parts do not stand where the reader looks;
    sights: for the others, what each sheet says beside its values, where it could be told; main: for docx, the member
    with its text, for xlsx the one that lists the sheets.
    """

    kind: str
    notes: list[str] = field(default_factory=list)
    archive: Archive | None = None
    sheets: list[SheetEntry] = field(default_factory=list)
    scans: dict[str, SheetScan] = field(default_factory=dict)
    sights: list[Sight] = field(default_factory=list)
    places: Places | None = None
    main: str = ""


def read_bytes(path: str | os.PathLike[str], limits: Limits | None = None) -> bytes:
    """The bytes of a regular file, read once.

    Raises Refused: 临时锁文件, 无法打开, 不是普通文件, 空文件, 文件过大.
    """
    bounds = limits or Limits()
    if Path(path).name.startswith("~$"):
        raise Refused("临时锁文件", "这是表格打开时产生的临时文件，不是报表。请关闭表格后报送原文件。")
    try:
        # Not blocking, so that a pipe named .xlsx cannot hold the whole batch.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unopened(error) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("不是普通文件", "这不是一个普通的文件（可能是文件夹或设备），无法读取。")
        with os.fdopen(handle, "rb", closefd=False) as opened:
            # Room is made for as much as is asked for.
            data = opened.read(min(status.st_size, bounds.file_size) + 1)
            if len(data) > status.st_size:
                data += opened.read(bounds.file_size + 1 - len(data))
    except OSError as error:
        raise _unopened(error) from error
    finally:
        os.close(handle)
    check_size(data, bounds)
    return data


def _unopened(error: OSError | ValueError) -> Refused:
    number = error.errno if isinstance(error, OSError) else None
    reasons = {
        errno.ENOENT: "文件不存在，可能已被移走或改名。",
        errno.EACCES: "没有读取这个文件的权限，请检查文件的权限。",
        errno.EISDIR: "这是文件夹，不是文件。",
        errno.ELOOP: "这是指向自己的链接，不是文件。",
    }
    return Refused("无法打开", reasons.get(number or 0, "文件无法打开，请检查它是否完好。"))


def check_size(data: bytes, limits: Limits) -> None:
    """Raises Refused: 空文件, 文件过大."""
    if not data:
        raise Refused("空文件", "文件是空的（0 字节），可能没有传完，请重新报送。")
    if len(data) > limits.file_size:
        size = limits.file_size // (1024 * 1024)
        raise Refused("文件过大", f"文件超过 {size} MB，请删去表格里的图片和多余内容后再报送。")


def admit(data: bytes, name: str, limits: Limits | None = None) -> str:
    """The kind of a file by its content: xlsx (also .xlsm), xls, et, ods, xlsb, docx (also .docm) or pdf.

    `name` serves the notes and tells .et from .xls, which are alike inside. Raises Refused with a code
    and a Chinese reason for everything that is not to be read.
    """
    return examine(data, name, limits).kind


def examine(data: bytes, name: str, limits: Limits | None = None) -> Admitted:
    """`admit`, with all that was learnt on the way. Raises Refused."""
    bounds = limits or Limits()
    check_size(data, bounds)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        admitted = _zip(data, bounds)
    elif data.startswith(MAGIC):
        admitted = _compound(data, name, bounds)
    elif data.startswith(SIGN):
        if not has_reader():
            raise no_reader()
        admitted = Admitted("pdf")
    else:
        raise stranger(data)
    extension = Path(name).suffix.lower()
    if extension not in _EXTENSIONS[admitted.kind]:
        admitted.notes.append(f"扩展名“{extension}”与内容（{admitted.kind}）不符，已按内容读取。")
    return admitted


def _compound(data: bytes, name: str, limits: Limits) -> Admitted:
    container = CompoundFile(data)
    if "EncryptedPackage" in container.names:
        raise encrypted()
    stream = workbook_stream(container)
    other = next((what for n, what in _OTHER_STREAMS.items() if n in container.top_names), None)
    if stream is None or other is not None:
        raise not_a_spreadsheet(other or "一份其他软件的文件")
    records = container.read(stream)
    check_xls(records, limits)
    kind = "et" if Path(name).suffix.lower() in _EXTENSIONS["et"] else "xls"
    return Admitted(kind, list(remarks(xls_acts(data, container, records))), sights=xls_sights(records))


def _zip(data: bytes, limits: Limits) -> Admitted:
    archive = Archive(data, limits)
    mimetype = archive.find("mimetype")
    kind = archive.read(mimetype).strip() if mimetype else b""
    if kind.startswith(MIMETYPE) or is_bare_spreadsheet(archive):
        content = archive.find("content.xml")
        if content is None:
            raise damaged()
        part = archive.read(content)
        check_ods(part, limits)
        check_blanks(part, limits)
        named = archive.find("styles.xml")
        sights = ods_sights(part, archive.read(named) if named else None)
        return Admitted("ods", list(remarks(ods_acts(archive))), archive, sights=sights)
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise not_a_spreadsheet("一份 OpenDocument 文档")
    if (main := document_part(archive)) is not None:
        return Admitted("docx", list(remarks(document_acts(archive))), archive, main=main)
    for folder, what in _OTHER_PACKAGES.items():
        if any(name.lower().startswith(folder) for name in archive.names):
            raise not_a_spreadsheet(what)
    binary = archive.find("xl/workbook.bin")
    if binary is not None:
        check_xlsb(archive, limits)
        return Admitted("xlsb", list(remarks(xlsb_acts(archive, binary))), archive, sights=xlsb_sights(archive))
    if archive.find("[Content_Types].xml") is None:
        raise not_a_spreadsheet("一个压缩包（请解压后逐个报送里面的表格）")
    return _xlsx(archive, limits)


def _xlsx(archive: Archive, limits: Limits) -> Admitted:
    workbook = workbook_part(archive)
    entries = sheet_entries(archive, workbook)
    shown = looks(archive, workbook)
    # Our own calculation sheet is never read, so there is nothing to learn about it; of our 自查 only texts are.
    ours = {SELF_CHECK_SHEET} if any(entry.name == IDENTITY_SHEET for entry in entries) else set()
    parts = {entry.part for entry in entries if entry.part is not None and entry.name != LEDGER_SHEET}
    marked = {entry.part for entry in entries if entry.name not in {LEDGER_SHEET, *ours}}
    scans = {
        part: scan_sheet(archive.read(part), shown, limits, only_extent=part not in marked) for part in sorted(parts)
    }
    if calculates_as_shown(archive, workbook):
        for scan in scans.values():
            scan.expressions.clear()
    check_extent([(scan.bottom, scan.right) for scan in scans.values()], limits)
    shared = shared_texts(archive, workbook)
    check_texts(archive, shared, sorted(parts), limits)
    check_namespaces(archive, shared)
    notes = list(remarks(workbook_acts(archive, entries)))
    return Admitted("xlsx", notes, archive, entries, scans, places=usual_places(archive, workbook), main=workbook)
