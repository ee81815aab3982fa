"""The text of a paragraph as it is seen when all changes are accepted, and what of it nobody sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gouji.ingest.files.docx_raised import Span, without_notes
from gouji.ingest.files.docx_xml import Revisions, attribute, child, inside, number, properties, switched, tag
from gouji.ingest.files.xml import Element, local

_BOXES = frozenset({"F052", "F0FE", "F0FC", "F050", "2611"})
_EMPTY_BOXES = frozenset({"F0A3", "F0A8", "F06F", "F071", "F030"})
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = ("footnoteReference", "endnoteReference")
_WHITE = "FFFFFF"
_FLAT = 4
"""Half points of letters that nobody can see."""
_MOST_FIELDS = 50
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


@dataclass(slots=True)
class Line:
    """A paragraph. `seen`, `hidden`: whether any of its text is seen, and whether any is not; `boxes`: contents of the
    text boxes that hang on it; `level`: of the outline; breaks: whether a new page begins before or behind it;
    `struck`: its text that is crossed out, which `text` leaves out; `runs_on`: whether its end was deleted, so that
    the next paragraph goes on with it; `shifted`: what of its text stands higher or lower; `pictured`: whether a
    picture or a formula of another program stands in its text."""

    text: str = ""
    struck: str = ""
    pictured: bool = False
    runs_on: bool = False
    seen: bool = False
    hidden: bool = False
    level: int = 0
    centred: bool = False
    breaks_before: bool = False
    breaks_behind: bool = False
    boxes: list[Element] = field(default_factory=list)
    shifted: list[Span] = field(default_factory=list)


class Texts:
    """Reads paragraphs one after another: fields may begin in one and end in another. `styles`: the part, if any."""

    def __init__(self, styles: Element | None) -> None:
        self.revisions = Revisions()
        self._fields: list[bool] = []
        self._vanished: set[str] = set()
        self._shifted: dict[str, bool] = {}
        self._levels: dict[str, int] = {}
        self._centred: set[str] = set()
        for style in () if styles is None else styles:
            if tag(style) == "style" and (known_as := attribute(style, "styleId")) is not None:
                self._style(style, known_as)

    def _style(self, style: Element, known_as: str) -> None:
        letters = properties(style, "rPr")
        if switched(letters.get("vanish")):
            self._vanished.add(known_as)
        raised = _shift(letters)
        if raised is not None:
            self._shifted[known_as] = raised
        about = properties(style, "pPr")
        level = number(about.get("outlineLvl"))
        if level is not None and 0 <= level < 9:
            self._levels[known_as] = level + 1
        if attribute(about.get("jc"), "val") == "center":
            self._centred.add(known_as)

    def line(self, paragraph: Element, *, shaded: bool = False) -> Line:
        """The text of a `<w:p>`. `shaded`: whether white letters are seen on its ground."""
        line = Line()
        about = properties(paragraph, "pPr")
        style = attribute(about.get("pStyle"), "val")
        if about:
            self._about(line, about, style)
        self._runs(line, paragraph, style in self._vanished, shaded=shaded or "shd" in about)
        if line.shifted:
            line.text = without_notes(line.text, line.shifted)
        return line

    def _about(self, line: Line, about: Mapping[str, Element], style: str | None) -> None:
        level = number(about.get("outlineLvl"))
        line.level = level + 1 if level is not None and 0 <= level < 9 else self._levels.get(style or "", 0)
        aligned = attribute(about.get("jc"), "val")
        line.centred = aligned == "center" or (aligned is None and style in self._centred)
        line.breaks_before = bool(switched(about.get("pageBreakBefore")))
        line.breaks_behind = "sectPr" in about
        ends = about.get("rPr")
        line.runs_on = ends is not None and any(tag(one) in ("del", "moveFrom") for one in ends)
        self.revisions.count += line.runs_on

    def _runs(self, line: Line, parent: Element, vanished: bool, *, shaded: bool) -> None:
        for one in inside(parent, self.revisions):
            name = tag(one)
            if name == "r":
                self._run(line, one, vanished, shaded=shaded)
            elif name == "fldSimple":
                self._runs(line, one, vanished, shaded=shaded)
            elif name.startswith(_MATH):
                self._add(line, "".join(str(text) for text in one.itertext()), hidden=vanished)

    def _run(self, line: Line, run: Element, vanished: bool, *, shaded: bool) -> None:
        about = properties(run, "rPr")
        hidden = self._is_hidden(about, vanished, shaded=shaded) if about else vanished
        before, kept = len(line.text), line.text
        self._signs(line, run, hidden, shaded=shaded)
        if len(line.text) == before:
            return
        if about and (switched(about.get("strike")) or switched(about.get("dstrike"))):
            line.struck += line.text[before:]
            line.text = kept
        elif about and (raised := self._is_raised(about)) is not None:
            line.shifted.append((before, len(line.text), raised))

    def _is_raised(self, about: Mapping[str, Element]) -> bool | None:
        """Whether letters stand higher (True) or lower (False) than the line; None where they stand on it."""
        own = _shift(about)
        said = "vertAlign" in about
        return own if own is not None or said else self._shifted.get(attribute(about.get("rStyle"), "val") or "")

    def _signs(self, line: Line, run: Element, hidden: bool, *, shaded: bool) -> None:
        for one in inside(run, self.revisions):
            name = tag(one)
            if name == "t":
                self._add(line, str(one.text or ""), hidden=hidden)
            elif name in _NOTES and attribute(one, "customMarkFollows") in ("1", "true", "on"):
                return  # what stands behind it in this run is the mark of the note
            elif name == "fldChar":
                self._field(attribute(one, "fldCharType"))
            elif name == "br":
                self._broken(line, one)
            elif name in _SIGNS:
                self._add(line, _SIGNS[name], hidden=hidden)
            elif name == "sym":
                self._add(line, _symbol(attribute(one, "char") or ""), hidden=hidden)
            elif name == "ruby":
                base = child(one, "rubyBase")
                if base is not None:
                    self._runs(line, base, hidden, shaded=shaded)
            elif name in ("drawing", "pict", "object"):
                boxes = [box for box in one.iter() if local(box.tag) == "txbxContent"]
                line.boxes += boxes
                line.pictured |= not boxes and _is_in_line(one)

    def _is_hidden(self, about: Mapping[str, Element], vanished: bool, *, shaded: bool) -> bool:
        own = switched(about.get("vanish"))
        if own is None:
            own = vanished or attribute(about.get("rStyle"), "val") in self._vanished
        white = attribute(about.get("color"), "val") == _WHITE and not (shaded or {"shd", "highlight"} & about.keys())
        size = number(about.get("sz"))
        return own or white or (size is not None and size <= _FLAT)

    def _add(self, line: Line, text: str, *, hidden: bool) -> None:
        # Of a field only the result is text; where one stands in another's instruction, not even that.
        if not all(self._fields):
            return
        line.text += text
        if text.strip():
            line.hidden |= hidden
            line.seen |= not hidden

    def _field(self, what: str | None) -> None:
        if what == "begin" and len(self._fields) < _MOST_FIELDS:
            self._fields.append(False)
        elif what == "separate" and self._fields:
            self._fields[-1] = True
        elif what == "end" and self._fields:
            self._fields.pop()

    def _broken(self, line: Line, element: Element) -> None:
        if attribute(element, "type") != "page":
            self._add(line, "\n", hidden=False)
        elif line.text.strip():
            line.breaks_behind = True
        else:
            line.breaks_before = True


def _is_in_line(shape: Element) -> bool:
    """Whether a picture stands where a text would; a seal lies over it."""
    if tag(shape) == "object":
        return True
    for one in shape.iter():
        name = local(one.tag)
        if name == "anchor" or (name in ("shape", "rect", "group") and "absolute" in str(one.get("style", ""))):
            return False
        if name in ("blip", "imagedata"):
            return True
    return False


def _shift(about: Mapping[str, Element]) -> bool | None:
    """Whether letters of these properties stand higher (True) or lower (False) than others; None: neither is said."""
    aligned = attribute(about.get("vertAlign"), "val")
    if aligned in ("superscript", "subscript"):
        return aligned == "superscript"
    position = number(about.get("position")) or 0
    return position > 0 if position else None


def _symbol(code: str) -> str:
    """A sign of a font of signs: boxes with and without a tick, else nothing that could be taken for text."""
    code = code.upper()
    return "☑" if code in _BOXES else "□" if code in _EMPTY_BOXES else "■"
