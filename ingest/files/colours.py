"""The colours that an .xlsx speaks of: as they stand, from the palette, or from the theme with a tint."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence

from gouji.ingest.files.xml import Element, elements, local

Colour = tuple[int, int, int]
"""Red, green, blue, 0…255 each."""

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
NAMED: Mapping[str, Colour] = {
    "black": BLACK, "white": WHITE, "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "magenta": (255, 0, 255), "cyan": (0, 255, 255),
    "黑色": BLACK, "白色": WHITE, "红色": (255, 0, 0), "绿色": (0, 255, 0), "蓝色": (0, 0, 255),
    "黄色": (255, 255, 0), "洋红": (255, 0, 255), "青色": (0, 255, 255),
}  # fmt: skip
"""The colours of number formats."""
# ECMA-376, 18.8.27: the first eight numbers are the next eight over again; 64 and 65 are ink and paper of the system.
_EIGHT = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
_PALETTE = (
    f"{_EIGHT} {_EIGHT} "
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333 "
    "000000 FFFFFF"
).split()
# The theme of a file that has none: light and dark first, as colours are numbered (not as they stand in the theme).
_THEME = "FFFFFF 000000 EEECE1 1F497D 4F81BD C0504D 9BBB59 8064A2 4BACC6 F79646 0000FF 800080".split()
_ALIKE = 8
"""What nobody tells apart: no part of the two colours differs by more."""


def parsed(text: str) -> Colour | None:
    """FF0000, or FFFF0000 with what it covers in front; None for what is no colour."""
    if not re.fullmatch("(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", text):
        return None
    red, green, blue = (int(text[at : at + 2 or None], 16) for at in (-6, -4, -2))
    return red, green, blue


def alike(first: Colour | None, second: Colour | None) -> bool:
    """Whether one cannot be read on the other; an unknown colour is like no other."""
    if first is None or second is None:
        return False
    return max(abs(one - other) for one, other in zip(first, second, strict=True)) <= _ALIKE


def palette(own: Sequence[str]) -> list[Colour | None]:
    """The numbered colours; a file may have its own for the first of them."""
    return [parsed(text) for text in [*own, *_PALETTE[len(own) :]]]


def theme(xml: bytes | None) -> list[Colour | None]:
    """The colours of a theme in the order of their numbers. Raises Refused (文件损坏) for malformed XML."""
    scheme = next(elements(xml, "clrScheme"), None) if xml else None
    if scheme is None:
        return [parsed(text) for text in _THEME]
    found = [parsed(child[0].get("lastClr") or child[0].get("val") or "") if len(child) else None for child in scheme]
    # dk1 lt1 dk2 lt2 stand there, and are numbered lt1 dk1 lt2 dk2.
    return [*(found[at] for at in (1, 0, 3, 2)), *found[4:]] if len(found) >= 4 else found


def resolved(
    said: Mapping[str, str], numbered: Sequence[Colour | None], themed: Sequence[Colour | None], automatic: Colour
) -> Colour | None:
    """The colour that an element names by its attributes; `automatic` where it leaves it to the system."""
    colour: Colour | None = automatic
    if "rgb" in said:
        colour = parsed(said["rgb"])
    elif "theme" in said:
        colour = numbered_as(said["theme"], themed)
    elif "indexed" in said:
        colour = numbered_as(said["indexed"], numbered)
    return _tinted(colour, said.get("tint", "")) if colour is not None else None


def said_by(element: Element) -> dict[str, str]:
    """The attributes of a colour element, without namespaces."""
    return {local(name): str(value) for name, value in element.attrib.items()}


def numbered_as(number: str, colours: Sequence[Colour | None], absent: Colour | None = None) -> Colour | None:
    """The colour of a number that is written in a file."""
    at = int(number) if number.isdecimal() and len(number) < 6 else len(colours)
    return colours[at] if at < len(colours) else absent


def _tinted(colour: Colour, tint: str) -> Colour | None:
    """Lighter by a tint above 0, darker by one below (ECMA-376, 18.8.19)."""
    if not tint:
        return colour
    try:
        share = float(tint)
    except ValueError:
        return colour
    if not -1 <= share <= 1:
        return colour
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    light = light * (1 + share) if share < 0 else light * (1 - share) + share
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, strength))
    return red, green, blue
