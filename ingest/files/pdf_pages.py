"""The pages of a PDF file as pdfplumber takes them apart, within bounds: characters, lines and pictures.

pdfplumber (with pdfminer.six below it) is an extra, `gouji[pdf]`; nothing here is imported before a PDF comes.
"""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from gouji.ingest.limits import MEGABYTE, Limits
from gouji.ingest.refusal import Refused, encrypted, too_large

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF

SIGN = b"%PDF-"
_ADVICE = "请报送填好的 Excel 工作簿，或者把原来的文件另存为 .docx 再报送。"
_MOST_PAGES = 400
_MOST_OBJECTS = 200_000
_MOST_OF_FILE = 1_000_000
_LARGEST_BOX = 14_400
"""Points: 5 m, beyond which no program makes a page."""
_MOST_INFLATED = 48 * MEGABYTE
"""Bytes of all contents, fonts and tables of objects; pictures are not unpacked."""
_WIDEST_ROW = 1_000_000
_CHUNK = MEGABYTE


def has_reader() -> bool:
    """Whether `gouji[pdf]` is installed."""
    return find_spec("pdfplumber") is not None


def no_reader() -> Refused:
    """The refusal where it is not."""
    return Refused(
        "不是电子表格", f"这是一份 PDF 文件，这台电脑上没有装读 PDF 的部分（gouji[pdf]），没有读取。{_ADVICE}"
    )


def not_readable(why: str) -> Refused:
    """The refusal of a PDF of which the contents cannot be had; `why`: a clause."""
    return Refused("无法读取", f"{why}，没有读取。{_ADVICE}")


def opened(data: bytes) -> PDF:
    """The file, its tables of objects read. Raises Refused: 已加密, 无法读取, 展开过大, 范围过大."""
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.pdf import PDF
    from pdfplumber.utils.exceptions import PdfminerException

    _bound_streams()
    _LEFT.set([_MOST_INFLATED])
    try:
        pdf = PDF(io.BytesIO(data), stream_is_external=True)
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise encrypted() from error
        raise cause if isinstance(cause, Refused | MemoryError) else _damaged() from error
    if pdf.doc.encryption is not None:
        raise encrypted()
    if sum(len(list(xref.get_objids())) for xref in pdf.doc.xrefs) > _MOST_OBJECTS:
        raise oversized("对象")
    return pdf


def pages_of(pdf: PDF, limits: Limits) -> Iterator[Page]:
    """Its pages one after another, each with what is drawn on it. Raises Refused, 范围过大 beyond the bounds."""
    from pdfminer.pdfpage import PDFPage

    from gouji.ingest.files.pdf_seen import SeenPage

    drawn = 0
    for number, page in enumerate(PDFPage.create_pages(pdf.doc), 1):
        if number > _MOST_PAGES:
            raise oversized("页", f"（超过 {_MOST_PAGES} 页）")
        one = SeenPage(pdf, page, page_number=number)
        if not 0 < max(one.width, one.height) <= _LARGEST_BOX:
            raise oversized("页面", f"（第{number}页）")
        drawn += sum(map(len, one.objects.values()))
        if drawn > _MOST_OF_FILE or drawn > limits.cells:
            raise oversized("文字和线条")
        yield one
        one.close()


def objects_of(pdf: PDF) -> Iterator[Mapping[str, Any]]:
    """Every dictionary of the file that has a number, also those of streams; what is broken is passed over."""
    from pdfminer.pdftypes import PDFStream

    for xref in pdf.doc.xrefs:
        for number in xref.get_objids():
            try:
                one = pdf.doc.getobj(number)
            except Refused:
                raise
            except Exception:  # an object that nobody can have does nothing either
                continue
            about = one.attrs if isinstance(one, PDFStream) else one
            if isinstance(about, dict):
                yield about


def _damaged() -> Refused:
    return Refused("文件损坏", f"PDF 文件不完整或已损坏（可能没有传完）。{_ADVICE}")


def oversized(what: str, detail: str = "") -> Refused:
    """The refusal of a PDF with more, or larger, than anybody makes."""
    return Refused("范围过大", f"PDF 文件的{what}多得或大得不正常{detail}，未予读取。{_ADVICE}")


_LEFT: ContextVar[list[int]] = ContextVar("bytes that may still be unpacked")


@lru_cache(maxsize=1)
def _bound_streams() -> None:
    """pdfminer unpacks streams without a bound: each is measured before it does.

    The one place through which all that is packed goes is a method of its streams, which are made deep inside.
    """
    from pdfminer.pdftypes import PDFStream

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what is broken is told by us
    unbounded = PDFStream.decode

    def decode(stream: PDFStream) -> None:
        _measure(stream)
        unbounded(stream)

    PDFStream.decode = decode  # type: ignore[method-assign,assignment]


def _measure(stream: Any) -> None:
    """Raises Refused for a stream that unpacks to more than is left, or is packed in a way that is not bounded."""
    from pdfminer.ascii85 import ascii85decode, asciihexdecode
    from pdfminer.pdftypes import (
        LITERALS_ASCII85_DECODE,
        LITERALS_ASCIIHEX_DECODE,
        LITERALS_FLATE_DECODE,
        int_value,
    )

    data, left, flat = stream.rawdata, _LEFT.get(), False
    for name, params in stream.get_filters():
        if name in LITERALS_FLATE_DECODE:
            if flat:
                raise too_large()
            flat = True
            left[0] -= _inflated(data, left[0])
        elif name in LITERALS_ASCII85_DECODE and not flat:
            data = ascii85decode(data)
        elif name in LITERALS_ASCIIHEX_DECODE and not flat:
            data = asciihexdecode(data)
        else:
            raise not_readable("PDF 文件用了很少见的压缩方式")
        if params and int_value(params.get("Columns", 1)) * int_value(params.get("Colors", 1)) > _WIDEST_ROW:
            raise too_large()
    if not flat:
        left[0] -= len(data)
    if left[0] < 0:
        raise too_large()


def _inflated(data: bytes, most: int) -> int:
    """How large a packed stream is, told as far as it holds together."""
    inflating, size, rest = zlib.decompressobj(), 0, data
    try:
        while rest and not inflating.eof:
            size += len(inflating.decompress(rest, _CHUNK))
            rest = inflating.unconsumed_tail
            if size > most:
                raise too_large()
    except zlib.error:
        pass
    return size
