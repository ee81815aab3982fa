"""PDF files that swell, nest, run something or carry it along; their table is that of a good workbook."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from gouji.ingest.read import read_workbook
from tests.hostile.base import Case, Parts, zipped
from tests.pdfs import pdf, sheet_in_pdf, stream

_ATTACHED = stream(b"MZ", "/Type/EmbeddedFile")


def _page(parts: Parts) -> str:
    sheets = read_workbook(zipped(parts), "好.xlsx").sheets
    return sheet_in_pdf(next(sheet for sheet in sheets if sheet.name == "基础数据表"))


def _of(make: Callable[[str], bytes]) -> Case:
    return lambda parts: make(_page(parts))


def _drawing_twice(depth: int) -> dict[int, bytes]:
    """Forms each of which draws the next one twice."""
    about = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {} 0 R>>>>"
    forms = {900 + n: stream(b"/F Do /F Do", about.format(901 + n)) for n in range(depth)}
    return forms | {900 + depth: stream(b"0 0 m 1 1 l S", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]")}


def _twice_packed() -> bytes:
    packed = zlib.compress(zlib.compress(b" " * 60_000_000))
    return f"<</Length {len(packed)}/Filter[/FlateDecode/FlateDecode]>>stream\n".encode() + packed + b"\nendstream"


_SCRIPT = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
_LAUNCH = "/AA<</WC<</S/Launch/F(cmd.exe)>>>>"
_CARRIED = "/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 900 0 R>>>>]>>>>"
_LOCKED = "/Encrypt<</Filter/Standard/V 1/R 2/O<{0}>/U<{0}>/P -4>>/ID[<00><00>]".format("00" * 32)
_WITHIN = "/F Do "
_RING = {2: b"<</Type/Pages/Kids[2 0 R 10 0 R]/Count 2>>"}

CASES: dict[str, Case] = {
    "好.pdf": _of(lambda page: pdf([page])),
    "脚本.pdf": _of(lambda page: pdf([page], _SCRIPT)),
    "启动程序.pdf": _of(lambda page: pdf([page], _LAUNCH)),
    "带附件.pdf": _of(lambda page: pdf([page], _CARRIED, objects={900: _ATTACHED})),
    "页树成环.pdf": _of(lambda page: pdf([page], objects=_RING)),
    "嵌套十万层.pdf": _of(lambda page: pdf([page], "/A " + "[" * 100_000 + "]" * 100_000)),
    "一万页.pdf": lambda parts: pdf(["0 0 m 1 1 l S"] * 10_000),
    "页面一千公里.pdf": _of(lambda page: pdf([page], box="0 0 3000000000 3000000000")),
    "炸弹.pdf": lambda parts: pdf([" " * 60_000_000]),
    "压缩两层.pdf": _of(lambda page: pdf([page], objects={5: _twice_packed()})),
    "图形翻倍六十层.pdf": _of(
        lambda page: pdf([page + _WITHIN], objects=_drawing_twice(60), resources="/XObject<</F 900 0 R>>")
    ),
    "线条十万.pdf": lambda parts: pdf(["".join(f"{n} 0 m 9 9 l S\n" for n in range(100_000))]),
    "加密.pdf": _of(lambda page: pdf([page], trailer=_LOCKED)),
    "截断.pdf": _of(lambda page: pdf([page])[:700]),
    "只有头.pdf": lambda parts: b"%PDF-1.7\n",
    "网页.pdf": lambda parts: b"<html><body>1</body></html>",
}
