"""How the labels of an issued sheet differ from those that were issued, and whether they still hold their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.by_address import label_at
from gouji.ingest.locating.located import Addresses, Position
from gouji.templates.addresses import cell_name
from gouji.templates.labels import normalised, one_line

_ALIKE = 0.5
"""From here on another wording of a label at its place is the same label."""
_TOGETHER = 3
"""So many labels that moved by the same distance are reported in one clause."""
_LONGEST = 30


class Altered:
    """The labels of an issued sheet that differ from the issued ones (`places`), compared with the present texts."""

    def __init__(self, issued: Addresses, sheet: Sheet, places: Sequence[Position], last: int) -> None:
        self._issued = issued
        self._sheet = sheet
        self._places = places
        self._stands = _texts(sheet, last)
        self._issued_at = defaultdict(list)
        for place, text in issued.labels.items():
            self._issued_at[text].append(place)

    @property
    def moves(self) -> dict[Position, Position] | None:
        """Issued place → place now of labels that only changed places with one another; None where more changed.

        A label that was worded otherwise or wiped out at its place has not moved.
        """
        moved = {place: self._elsewhere(place) for place in self._places if not self._reworded(place)}
        present = {place: present_place for place, present_place in moved.items() if present_place is not None}
        return present if len(present) == len(moved) and set(present.values()) == set(present) else None

    def _reworded(self, place: Position) -> bool:
        label, met = self._issued.labels[place], label_at(self._sheet, place)
        if met in self._issued_at or self._elsewhere(place) is not None:
            return False
        return not met or place in self._issued.titles or SequenceMatcher(None, label, met).ratio() >= _ALIKE

    def _elsewhere(self, place: Position) -> Position | None:
        """Where the label of an altered place stands now: at one of the places that are no issued ones of its own."""
        label = self._issued.labels[place]
        issued = self._issued_at[label]
        free = [at for at in self._stands.get(label, []) if at not in issued]
        lost = [at for at in issued if at in self._lost]
        rank = lost.index(place)
        return free[rank] if rank < len(free) else None

    @property
    def _lost(self) -> frozenset[Position]:
        return frozenset(self._places)

    def clauses(self, *, by_label: bool) -> list[str]:
        """The clauses that describe the alteration; `by_label`: whether the whole table was searched by its labels."""
        moved: dict[tuple[int, int], list[tuple[Position, Position]]] = defaultdict(list)
        clauses = []
        for place in self._places:
            present_place = self._elsewhere(place)
            if present_place is not None:
                moved[present_place[0] - place[0], present_place[1] - place[1]].append((place, present_place))
            else:
                clauses.append(self._gone(place, by_label=by_label))
        for shift, pairs in moved.items():
            clauses += [_shifted(shift, pairs)] if len(pairs) >= _TOGETHER else [self._moved(*pair) for pair in pairs]
        return [*clauses, "已按标签现在的位置读取"] if moved else clauses

    def _moved(self, place: Position, present_place: Position) -> str:
        return f"“{self._text(place)}”应在{cell_name(*place)}，现在{cell_name(*present_place)}"

    def _gone(self, place: Position, *, by_label: bool) -> str:
        text, met = self._text(place), label_at(self._sheet, place)
        if not met or (met in self._issued_at and met != self._issued.labels[place]):
            kept = "" if by_label else "，仍按下发的位置读取"
            return f"找不到“{text}”（原在{cell_name(*place)}）{kept}"
        shown = _short(one_line(str(self._sheet.raw(*place))))
        kept = "" if by_label else "，仍按下发的位置读取"
        return f"{cell_name(*place)}应为“{text}”，现为“{shown}”{kept}"

    def _text(self, place: Position) -> str:
        return _short(self._issued.texts[place])


def _shifted(shift: tuple[int, int], pairs: Sequence[tuple[Position, Position]]) -> str:
    """Labels that moved together, as when a row above them was deleted: named by the place of the first label."""
    down, right = shift
    steps = [f"{'下' if down > 0 else '上'}移{abs(down)}行"] if down else []
    steps += [f"{'右' if right > 0 else '左'}移{abs(right)}列"] if right else []
    first = min(pairs)
    return f"原在{cell_name(*first[0])}等处的{len(pairs)}个标签{'、'.join(steps)}"


def _texts(sheet: Sheet, last: int) -> dict[str, list[Position]]:
    """Every text down to a row, as labels are compared → where it stands."""
    places: dict[str, list[Position]] = defaultdict(list)
    for row in range(min(last + 1, sheet.height)):
        for column, value in enumerate(sheet.rows[row]):
            if isinstance(value, str) and value.strip():
                places[normalised(value)].append((row, column))
    return places


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
