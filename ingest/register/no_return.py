"""Files that are no return, by their names: documents that belong to one, archives and mails that may hold one."""

from __future__ import annotations

from pathlib import PurePosixPath

from gouji.ingest.frames import ATTACHED, PACKED

_DOCUMENTS = frozenset(
    ".doc .docx .docm .wps .wpt .rtf .odt .pdf .ofd .ppt .pptx .dps .jpg .jpeg .jfif .png .gif .bmp .tif .tiff .webp"
    " .heic".split()
)
_ARCHIVES = frozenset(".zip .rar .7z .tar .gz .tgz .bz2 .xz".split())
_MAILS = frozenset((".eml", ".msg"))
_REASONS = {
    ATTACHED: "Word、PDF、图片一类的文件只登记为附件，内容没有读取",
    PACKED: "压缩包没有打开，请解压后把里面的表格放进收到的文件夹，再运行一次",
}
_MAIL = "邮件没有打开，请把附件另存到收到的文件夹，再运行一次"


def no_return(file: str) -> tuple[str, str]:
    """Status of a file that could not be read as a workbook, and why; two empty texts where it was meant to be one."""
    extension = PurePosixPath(file).suffix.lower()
    if extension in _MAILS:
        return PACKED, _MAIL
    status = ATTACHED if extension in _DOCUMENTS else PACKED if extension in _ARCHIVES else ""
    return status, _REASONS.get(status, "")
