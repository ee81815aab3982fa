"""What a unit did to the issued sheet itself: formulas typed over, entry rules pasted over."""

from __future__ import annotations

from gouji.ingest.locating.input_cells import cell_of, holds, inputs
from gouji.ingest.locating.located import Located
from gouji.templates.addresses import cell_name


def overwritten(located: Located) -> list[str]:
    """The computed cells of an issued sheet that hold something else than a formula; a blank one is not reported."""
    if not located.sheet.told:
        return []
    places = [located.places[item] for item in located.form.computed if item in located.places]
    cells = [cell_of(located.sheet, place) for place in places]
    return [cell_name(*at) for at in cells if holds(located, at) and at not in located.sheet.formulas]


def unruled(located: Located) -> list[str]:
    """Filled figure cells that have no entry rule any more, although others of the sheet still have theirs.

    A sheet without any rule was saved by a program that does not keep them, which is no doing of the unit's.
    """
    areas = located.sheet.validated
    if not located.sheet.told or not areas:
        return []
    single = {area[:2] for area in areas if area[:2] == area[2:]}
    wide = [area for area in areas if area[:2] != area[2:]]
    filled = [at for at in inputs(located) if at not in single and holds(located, at)]
    # Asked of the few cells, never by spreading the areas out: one area may name a whole sheet, and there may be many.
    return [cell_name(*at) for at in filled if not any(_inside(at, area) for area in wide)]


def _inside(at: tuple[int, int], area: tuple[int, int, int, int]) -> bool:
    top, left, bottom, right = area
    return top <= at[0] <= bottom and left <= at[1] <= right
