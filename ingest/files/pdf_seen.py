"""A page of pdfplumber's with what is seen on it: invisible text is none, nor is what lies outside of its clipping.

pdfminer knows neither; spreadsheet programs clip text to its cell, and write all of it into the file.
"""

from __future__ import annotations

from typing import Any

from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_pt
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from gouji.ingest.files.pdf_pages import oversized
from gouji.ingest.files.pdf_text import CUT

_MOST_OF_PAGE = 40_000
"""Characters, lines and drawn forms of a page."""
_INVISIBLE = (3, 7)
"""Ways of drawing text by which nothing is seen: what a recognising scanner puts behind its picture."""
_BEYOND = 0.25
"""Share of a character's width that may lie outside of the clipping: letters have some room in their boxes. A line
that the end of a page cuts is there as a whole."""
Box = tuple[float, float, float, float]


class _Device(PDFPageAggregatorWithMarkedContent):
    """Takes up what is drawn, within bounds. `clip`: outside of which nothing is seen."""

    drawn = invisible = 0
    clip: Box | None = None

    def _count(self) -> None:
        self.drawn += 1
        if self.drawn > _MOST_OF_PAGE:
            raise oversized("文字和线条", f"（第{self.pageno}页）")

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self._count()
        return float(super().render_char(*args, **kwargs))

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self._count()
        super().paint_path(*args, **kwargs)

    def begin_figure(self, *args: Any, **kwargs: Any) -> None:
        self._count()
        super().begin_figure(*args, **kwargs)

    def render_string(self, textstate: Any, *args: Any, **kwargs: Any) -> None:
        if textstate.render in _INVISIBLE:
            self.invisible += 1
            return
        drawn = self.cur_item._objs
        before = len(drawn)
        super().render_string(textstate, *args, **kwargs)
        if self.clip is not None:
            chars = drawn[before:]
            seen = [char for char in chars if _is_inside(char, self.clip)]
            if any(_is_cut(char, self.clip) for char in chars):
                for char in seen:
                    char.tag = CUT  # type: ignore[attr-defined]
            drawn[before:] = seen


def _is_inside(char: Any, clip: Box) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3])


def _is_cut(char: Any, clip: Box) -> bool:
    """Whether a character reaches out of the clipping to a side, on a line that is seen."""
    if not clip[1] <= (char.y0 + char.y1) / 2 <= clip[3]:
        return False
    beyond = _BEYOND * (char.x1 - char.x0)
    return bool(char.x0 < clip[0] - beyond or char.x1 > clip[2] + beyond)


class _Interpreter(PDFPageInterpreter):
    """Follows what clips: the box around each clipping path, within those before it."""

    device: _Device
    _clips = False

    def init_state(self, ctm: Any) -> None:
        super().init_state(ctm)
        self._kept: list[Box | None] = []

    def do_q(self) -> None:
        super().do_q()
        self._kept.append(self.device.clip)

    def do_Q(self) -> None:  # noqa: N802
        super().do_Q()
        if self._kept:
            self.device.clip = self._kept.pop()

    def do_W(self) -> None:  # noqa: N802
        self._clips = True

    def do_W_a(self) -> None:  # noqa: N802
        self._clips = True

    def do_n(self) -> None:
        if self._clips and self.curpath:
            self._clip()
        self._clips = False
        super().do_n()

    def _clip(self) -> None:
        flat = [[float(value) for value in part[1:]] for part in self.curpath]
        points = [apply_matrix_pt(self.ctm, (x, y)) for one in flat for x, y in zip(one[::2], one[1::2], strict=False)]
        if not points:
            return
        (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        old = self.device.clip or (left, low, right, high)
        self.device.clip = max(left, old[0]), max(low, old[1]), min(right, old[2]), min(high, old[3])


class SeenPage(Page):
    """A page whose drawing is bounded. `invisible`: how often text was drawn that nobody sees."""

    invisible = 0
    _drawn: LTPage | None = None

    @property
    def layout(self) -> LTPage:
        """What is drawn on it. Raises Refused: 范围过大, 展开过大."""
        if self._drawn is None:
            device = _Device(self.pdf.rsrcmgr, pageno=self.page_number, laparams=None)
            _Interpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            self._drawn, self.invisible = device.get_result(), device.invisible
        return self._drawn
