"""What a file is, by its first bytes, and the words for what it is not."""

from __future__ import annotations

from gouji.ingest.refusal import Refused

_SIGNS = (
    (b"%PDF", "一份 PDF 文件"),
    (b"{\\rtf", "一份 RTF 文档"),
    (b"\x89PNG", "一张图片"),
    (b"\xff\xd8\xff", "一张图片"),
    (b"GIF8", "一张图片"),
    (b"II*\x00", "一张图片"),
    (b"MM\x00*", "一张图片"),
    (b"Rar!", "一个 RAR 压缩包（请解压后逐个报送里面的表格）"),
    (b"7z\xbc\xaf", "一个 7z 压缩包（请解压后逐个报送里面的表格）"),
    (b"\x1f\x8b", "一个压缩包（请解压后逐个报送里面的表格）"),
)
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_AS_DOCX = "请用 Word 或 WPS 打开、另存为 .docx 再报送。"
_ADVICE = "请用 Excel 或 WPS 打开下发的表样，填写后以 .xlsx 格式报送。"


def not_a_spreadsheet(what: str) -> Refused:
    """The refusal of a file that is something else; `what` is its Chinese name."""
    return Refused("不是电子表格", f"这是{what}，不是电子表格。{_ADVICE}")


def stranger(data: bytes) -> Refused:
    """The refusal of a file that is neither an archive nor a compound file, with what it seems to be."""
    for sign, what in _SIGNS:
        if data.startswith(sign):
            return not_a_spreadsheet(what)
    if data.startswith(_OLD_EXCEL):
        return Refused("不是电子表格", f"这是很早以前的 Excel 格式，无法读取。{_ADVICE}")
    head = _decoded(data[:4096])
    if head is None:
        return Refused("不是电子表格", f"认不出这是什么文件，它不是电子表格，或者已经损坏。{_ADVICE}")
    return _text_stranger(head)


def _decoded(head: bytes) -> str | None:
    """Text in one of the encodings in use here, None for anything else."""
    for codec in ("utf-16",) if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the 4096 bytes may end inside a character
            try:
                text = head[: len(head) - cut].decode(codec)
            except UnicodeDecodeError:
                continue
            return text if all(c.isprintable() or c.isspace() for c in text) else None
    return None


def _text_stranger(head: str) -> Refused:
    lowered = head.lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in lowered:
        return Refused("不是电子表格", f"这是“XML 电子表格 2003”格式，无法读取。{_ADVICE}")
    if "office:document" in lowered:
        return Refused("不是电子表格", f"这是单文件的 OpenDocument 格式，无法读取。{_ADVICE}")
    if lowered.startswith("mime-version"):
        return Refused("不是电子表格", f"这是单文件网页（MHT），没有读取。{_AS_DOCX}")
    if any(mark in lowered for mark in ("<html", "<!doctype html", "<table", "<head", "<meta")):
        return not_a_spreadsheet("一份网页（HTML），只是扩展名像表格")
    if "schemas.microsoft.com/office/word/2003/wordml" in lowered:
        return Refused("不是电子表格", f"这是“Word 2003 XML”格式的文档，没有读取。{_AS_DOCX}")
    if lowered.startswith("<"):
        return not_a_spreadsheet("一份 XML 文件")
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    if len(lines) > 1 and all("," in line or "\t" in line for line in lines[:-1]):
        return not_a_spreadsheet("一份 CSV 文本")
    return not_a_spreadsheet("一份纯文本")
