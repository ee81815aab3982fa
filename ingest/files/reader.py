"""The spreadsheet reader, opened when something is to be asked that is not known without it."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gouji.ingest.files.quiet import opened_quietly


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the reader lists it."""

    name: str
    hidden: bool
    worksheet: bool


class Reader:
    """The workbook in some bytes. Raises what the reader raises, PanicException (no Exception) among it.

    `alike`: everything that the list of sheets depends on, and whether the reader takes the workbook at all, but for
    its sheets and texts; what was listed once for it, and kept, is listed again. None: it is asked every time.
    """

    def __init__(self, data: bytes, alike: Hashable | None = None) -> None:
        self._data, self._alike = data, alike
        self._stack = ExitStack()
        self._opened: CalamineWorkbook | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def known(self) -> bool:
        """Whether nothing that programs may take otherwise stands around its sheets and texts."""
        return self._alike is not None

    @property
    def sheets(self) -> tuple[Listed, ...]:
        """All sheets in their order, those of charts and macros too."""
        listed = None if self._alike is None else _listed.get(self._alike)
        if listed is None:
            listed = tuple(
                Listed(one.name, one.visible != SheetVisibleEnum.Visible, one.typ == SheetTypeEnum.WorkSheet)
                for one in self._book.sheets_metadata
            )
        return listed

    def keep(self, listed: tuple[Listed, ...]) -> None:
        """The list is the one that was to be expected, and is the same for all that are alike."""
        if self._alike is not None and self._alike not in _listed:
            _listed[self._alike] = listed
            if len(_listed) > _MOST:
                del _listed[next(iter(_listed))]

    def sheet(self, index: int) -> CalamineSheet:
        """One sheet."""
        return self._book.get_sheet_by_index(index)

    @property
    def _book(self) -> CalamineWorkbook:
        if self._opened is None:
            self._opened = self._stack.enter_context(opened_quietly(self._data))
        return self._opened


_MOST = 32
_listed: dict[Hashable, tuple[Listed, ...]] = {}
