"""The grammar of WordprocessingML as far as reading needs it: names, what is looked through, what was taken out."""

from __future__ import annotations

from collections.abc import Iterator

from gouji.ingest.files.xml import Element

_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_KNOWN = frozenset({"wps", "wpg", "wpc", "wp14", "w14", "w15", "w16", "w16se", "w16cid", "a14", "m"})
"""Prefixes of what a choice may require; shapes with text are among them."""
_THROUGH = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "dir", "bdo"))
"""Wrappers whose content stands where they stand."""
_REVISED = frozenset(("ins", "del", "moveTo", "moveFrom"))
_LONGEST, _LARGEST = 10, 10**9
"""Signs of a number that are looked at, and what a longer one counts as."""
_TAGS: dict[object, str] = {}


def tag(element: Element) -> str:
    """`p` of `{…wordprocessingml…}p`; of other vocabularies the whole name."""
    name = element.tag
    known = _TAGS.get(name)
    if known is None:
        text = str(name)
        known = next((text[len(one) :] for one in _NAMESPACES if text.startswith(one)), text)
        if len(_TAGS) < 4096:  # names come from outside
            _TAGS[name] = known
    return known


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    for one in () if element is None else element:
        if tag(one) == name:
            return one
    return None


def properties(parent: Element | None, name: str) -> dict[str, Element]:
    """The properties of an element (`tcPr` of a `tc`) by their names; none where it states none."""
    about = child(parent, name)
    return {} if about is None else {tag(one): one for one in about}


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute of the vocabulary."""
    if element is None:
        return None
    for space in _NAMESPACES:
        if (value := element.get(space + name)) is not None:
            return str(value)
    return None


def number(element: Element | None, name: str = "val") -> int | None:
    """An attribute that is a whole number."""
    text = attribute(element, name)
    if text is None or not (text.isascii() and text.lstrip("-").isdecimal()):
        return None
    return int(text) if len(text) < _LONGEST else _LARGEST


def switched(found: Element | None) -> bool | None:
    """Whether a property is on, as `<w:vanish/>` says it; None where nothing is said."""
    return None if found is None else attribute(found, "val") not in ("0", "false", "off")


class Revisions:
    """How many changes were met that nobody accepted or rejected."""

    def __init__(self) -> None:
        self.count = 0


def inside(parent: Element, revisions: Revisions) -> Iterator[Element]:
    """The children of an element, what is wrapped taken out of its wrappers, without what was deleted."""
    for one in parent:
        name = tag(one)
        if name in _REVISED:
            revisions.count += 1
        if name in _THROUGH:
            if not (name == "sdt" and _is_prompt(one)):
                yield from inside(one, revisions)
        elif name == f"{_COMPATIBILITY}AlternateContent":
            chosen = choice(one)
            if chosen is not None:
                yield from inside(chosen, revisions)
        elif name not in ("del", "moveFrom"):
            yield one


def choice(alternatives: Element) -> Element | None:
    """Of several ways to say one thing the one that present programs take; where there is no other, the one that the
    program has which wrote it: its user saw that."""
    unknown: Element | None = None
    for one in alternatives:
        name = str(one.tag)
        if name == f"{_COMPATIBILITY}Fallback":
            return one
        if name == f"{_COMPATIBILITY}Choice":
            if set(str(one.get("Requires", "")).split()) <= _KNOWN:
                return one
            unknown = one if unknown is None else unknown
    return unknown


def _is_prompt(control: Element) -> bool:
    """Whether a content control still shows what it asks for (单击此处输入文字): nobody put anything into it."""
    return switched(properties(control, "sdtPr").get("showingPlcHdr")) is True
