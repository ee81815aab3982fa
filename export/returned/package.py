"""A returned workbook as the parts of its package: its sheets, its names."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from lxml import etree

from gouji.export.returned.parts import CannotMark, PackageParts, parsed, plainly
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.xml import Element
from gouji.ingest.limits import Limits

__all__ = ["MAIN", "RELATION_ID", "CannotMark", "Package", "SheetPart", "parsed", "plainly"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name, its part, and whether it is one with cells."""

    name: str
    part: str
    has_cells: bool


class Package(PackageParts):
    """The parts of an .xlsx or .xlsm. Raises CannotMark for what is no such workbook."""

    def __init__(self, data: bytes | Archive, limits: Limits | None = None) -> None:
        super().__init__(data, limits)
        self.workbook = self.main("工作簿")
        if etree.QName(self.tree(self.workbook)).namespace != MAIN:
            raise CannotMark("文件不是 .xlsx 格式，或者是严格 OOXML 格式")

    def sheets(self) -> list[SheetPart]:
        """The sheets in the order of the workbook. Raises CannotMark where they are not told apart."""
        relations = {relation.id: relation for relation in self.relations(self.workbook)}
        sheets = []
        for element in self.sheet_elements():
            relation = relations.get(element.get(RELATION_ID, ""))
            if relation is None or relation.target not in self._parts:
                raise CannotMark("文件里有工作表缺少内容")
            sheets.append(SheetPart(element.get("name", ""), relation.target, relation.kind == "worksheet"))
        if len({sheet.part for sheet in sheets}) < len(sheets) or len({sheet.name.lower() for sheet in sheets}) < len(
            sheets
        ):
            raise CannotMark("文件里有工作表重复")
        return sheets

    def sheet_elements(self) -> list[Element]:
        """The `<sheet>` elements of the workbook."""
        return list(self.tree(self.workbook).iter(f"{{{MAIN}}}sheet"))

    def child(self, name: str) -> Element | None:
        """An element of the workbook, such as `definedNames`."""
        return self.tree(self.workbook).find(f"{{{MAIN}}}{name}")

    def add_sheet(self, name: str, xml: bytes, *, front: bool = False, hidden: bool = False) -> str:
        """A new sheet before or behind the others; returns its part."""
        part = self.new_name(posixpath.join(posixpath.dirname(self.workbook), "worksheets", "sheet{}.xml"))
        self.add(part, xml, _SHEET_TYPE)
        sheets = self.child("sheets")
        if sheets is None:
            raise CannotMark("文件里没有工作表")
        numbers = [
            int(element.get("sheetId", "0"))
            for element in self.sheet_elements()
            if element.get("sheetId", "").isdecimal()
        ]
        element = etree.Element(f"{{{MAIN}}}sheet", name=name, sheetId=str(max(numbers, default=0) + 1))
        if hidden:
            element.set("state", "veryHidden")
        element.set(RELATION_ID, self.relate(self.workbook, "worksheet", part))
        sheets.insert(0 if front else len(sheets), element)
        if front:
            self._shift_names(0, +1)
        return part

    def drop_sheet(self, name: str) -> None:
        """Take a sheet out, with the parts that only it refers to and the names that only it has."""
        index, element = next(
            (n, element) for n, element in enumerate(self.sheet_elements()) if element.get("name") == name
        )
        part = next(
            relation.target for relation in self.relations(self.workbook) if relation.id == element.get(RELATION_ID)
        )
        targets = [relation.target for relation in self.relations(part) if not relation.outside]
        self._shift_names(index, -1)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
        self.drop(part)
        for target in targets:
            if target in self._parts and not any(relation.target == target for _, relation in self.all_relations()):
                self.drop(target)

    def _shift_names(self, index: int, by: int) -> None:
        """Names that belong to a sheet say to which by its place. Those of a sheet that goes (`by` < 0) go too."""
        names = self.child("definedNames")
        for defined_name in [] if names is None else list(names):
            stated = defined_name.get("localSheetId", "")
            if not stated.isdecimal():
                continue
            if by < 0 and int(stated) == index:
                defined_name.getparent().remove(defined_name)  # type: ignore[union-attr]
            elif int(stated) >= index:
                defined_name.set("localSheetId", str(int(stated) + by))
        if names is not None and not len(names):
            names.getparent().remove(names)  # type: ignore[union-attr]

    def add_name(self, name: str, text: str, sheet: int = 0) -> None:
        """A name that belongs to the first sheet, or to that with this number."""
        names = self.child("definedNames")
        if names is None:
            names = etree.Element(f"{{{MAIN}}}definedNames")
            before = [self.child(child_name) for child_name in ("sheets", "functionGroups", "externalReferences")]
            last = next(element for element in reversed(before) if element is not None)
            last.addnext(names)
        names.insert(0, etree.Element(f"{{{MAIN}}}definedName", name=name, localSheetId=str(sheet)))
        names[0].text = text

    def set_name(self, name: str, sheet: int, text: str) -> None:
        """A name that belongs to the sheet with this number, in place of what there was by that name."""
        names = self.child("definedNames")
        namesakes = [] if names is None else [element for element in names if element.get("name") == name]
        of_sheet = next((element for element in namesakes if element.get("localSheetId") == str(sheet)), None)
        if of_sheet is None:
            self.add_name(name, text, sheet)
        else:
            of_sheet.text = text

    def show_first(self) -> None:
        """Open at the first sheet that is to be seen."""
        shown = [n for n, element in enumerate(self.sheet_elements()) if element.get("state", "visible") == "visible"]
        for view in self.tree(self.workbook).iter(f"{{{MAIN}}}workbookView"):
            view.set("activeTab", str(shown[0] if shown else 0))
            view.set("firstSheet", "0")

    def without_macros(self) -> None:
        """State that the workbook is an ordinary one."""
        if self.content_type(self.workbook) != _BOOK_TYPE:
            self.set_type(self.workbook, _BOOK_TYPE)
