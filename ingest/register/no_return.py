"""Files that are no return: documents that belong to one, archives and mails that may hold one."""

from __future__ import annotations

from pathlib import PurePosixPath

from gouji.ingest.frames import ATTACHED, OURS, PACKED
from gouji.ingest.grid import tells_unread
from gouji.ingest.read_return import FileReading
from gouji.ingest.register.own_outputs import own_output_named

_DOCUMENTS = frozenset(
    ".doc .dot .wps .wpt .rtf .odt .pdf .ofd .ppt .pptx .dps .jpg .jpeg .jfif .png .gif .bmp .tif .tiff .webp"
    " .heic".split()
)
_ARCHIVES = frozenset(".zip .rar .7z .tar .gz .tgz .bz2 .xz".split())
_PARTLY_READ = frozenset(".doc .dot .wps .wpt .rtf .odt .pdf".split())
"""Kinds of documents of which some are read: the attempt to read one has already given the reason."""
_MAILS = frozenset((".eml", ".msg"))
_REASONS = {
    ATTACHED: "图片一类的文件只登记为附件，内容没有读取；里面有要报的表的，请另存为 .docx 或 .xlsx 再报送",
    PACKED: (
        "压缩包没有打开（.zip 以外的、损坏的、套在压缩包里的都不打开），"
        "请解压后把里面的表格放进收到的文件夹，再运行一次"
    ),
}
_MAIL = "邮件没有打开，请把附件另存到收到的文件夹，再运行一次"
NO_TABLE = "文档里没有要报的表，登记为附件"
"""The reason of a document that was read and holds no table: nobody needs to look into it."""


def document_apart(reading: FileReading) -> tuple[str, str]:
    """Status of a document (Word, PDF) with none of the tables asked for, and why; two empty texts where it has one."""
    if output := own_output_named(reading.file):
        return OURS, f"这是{output}，不是单位的报表，没有读取"
    if reading.tables or any(near.resembles for near in reading.unrecognised):
        return "", ""
    unread = [note for note in reading.notes if tells_unread(note)]
    return ATTACHED, "".join(unread) or NO_TABLE


def no_return(file: str) -> tuple[str, str]:
    """Status of a file that could not be read as a workbook, and the reason (empty where reading gave one); two empty
    texts where it should have been a workbook."""
    extension = PurePosixPath(file).suffix.lower()
    if extension in _MAILS:
        return PACKED, _MAIL
    status = ATTACHED if extension in _DOCUMENTS else PACKED if extension in _ARCHIVES else ""
    return status, "" if extension in _PARTLY_READ else _REASONS.get(status, "")
