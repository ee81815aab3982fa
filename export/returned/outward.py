"""What a copy never carries on: macros, DDE, links to other workbooks, and whatever else would act or call out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.export.returned.comments import make_inert
from gouji.export.returned.package import CannotMark, Package, plainly
from gouji.ingest.acting.formulas import calls_out, may_call_out
from gouji.ingest.acting.package import acting_parts, drawings
from gouji.ingest.acting.workbook import MACRO_OF_CONTROL, MACRO_OF_SHAPE, TEXT_OF_SHAPE, plain_text, runs
from gouji.ingest.files.same_parts import once_per_part

_PREFIX = rb"(?:[^<>\s/:]+:)?"
_WHOLE = rb"\b[^<>]*?(?:/>|>(?:[^<]|<(?!/\1>))*+</\1\s*>)"
"""What follows the name of an element, its first group, up to its end."""
_FORMULA = re.compile(rb"<(" + _PREFIX + rb")f\b([^<>]*?)(?:/>|>([^<]*)</\1f>)")
_SHARED = re.compile(rb"""\bsi\s*=\s*["'](\d+)["']""")
_OTHER_FORMULAS = re.compile(rb"<" + _PREFIX + rb"(?:formula[12]?|f)\b[^<>]*>([^<]*)<")
_LINK = re.compile(rb"<(" + _PREFIX + rb"hyperlink)" + _WHOLE)
_PUBLISHED = re.compile(rb"<(" + _PREFIX + rb"(?:webPublishItems|HyperlinkBase))" + _WHOLE)
"""What publishes a sheet, and the address from which links are counted."""
_SHAPE_LINK = re.compile(rb"<(" + _PREFIX + rb"hlink(?:Click|Hover|MouseOver))" + _WHOLE)
_OUTSIDE = rb"""(?:"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\\\\|//)[^"<>]*"|'\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\\\\|//)[^'<>]*')"""
_IMAGE_ELSEWHERE = re.compile(rb"\s" + _PREFIX + rb"(?:src|href|althref)\s*=\s*" + _OUTSIDE, re.IGNORECASE)
_LEFT = re.compile(
    rb"\s"
    + _PREFIX
    + rb"(?:src|href|althref|url|weburl|target|destinationfile|sourcefile|ddeservice)\s*=\s*"
    + _OUTSIDE,
    re.IGNORECASE,
)
_LEADING = (b"src", b"href", b"url", b"target", b"destinationfile", b"sourcefile", b"ddeservice")
"""What stands, in any case, wherever that pattern finds anything."""
_ODDLY_WRITTEN = re.compile(rb"<!|&#(?!(?:9|10|13|x[9AaDd]);)|(?<=.)<\?", re.DOTALL)
"""Comments, CDATA, instructions and references to characters, behind which anything may stand."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


def strip_outward(package: Package) -> None:
    """Take all of it out. Raises CannotMark for what holds too much of it."""
    _write_plainly(package)
    had_names = package.names
    acts = list(acting_parts(package, list(package.all_relations()), package.content_types()))
    stays = next((act.kind for act in acts if not act.kind.leaves), None)
    if stays is not None:
        raise CannotMark(f"文件含有{stays.word}")
    for act in acts:
        if act.where in package.names:
            package.drop(act.where)
    if len(package.names) < len(had_names):
        package.drop_unused_defaults()
    package.without_macros()
    _strip_workbook(package)
    stripped = [_strip_sheet(package, sheet.part) for sheet in package.sheets()]
    if any(stripped) and (chain := package.related(package.workbook, "calcChain")) is not None:
        package.drop(chain)  # it lists formulas that are values now; every program makes it anew
    _strip_drawings(package)
    make_inert(package)
    _check_outside(package)


def _write_plainly(package: Package) -> None:
    """Write parts anew in which something could stand that is not seen in their bytes."""
    types = package.content_types()
    for name in package.names:
        part = package.read(name)
        is_xml = name.lower().endswith((".xml", ".rels", ".vml")) or "xml" in types.get(name, "")
        if is_xml and _oddly_written(part):
            package.write(name, plainly(part))


@once_per_part(128)
def _oddly_written(part: bytes) -> bool:
    """Most parts have nothing that the pattern could find, and it takes its time."""
    possible = b"<!" in part or b"&#" in part or part.find(b"<?", 1) > 0
    return possible and _MARKUP.match(part) is not None and _ODDLY_WRITTEN.search(part) is not None


def _strip_workbook(package: Package) -> None:
    names = package.child("definedNames")
    for outward in map(package.child, ("externalReferences", "webPublishing", "webPublishObjects")):
        if outward is not None:
            package.tree(package.workbook).remove(outward)
    for defined_name in [] if names is None else list(names):
        attributes = {str(key): str(value) for key, value in defined_name.items()}
        if runs(attributes) is not None or calls_out("".join(map(str, defined_name.itertext()))) is not None:
            names.remove(defined_name)  # type: ignore[union-attr]
    if names is not None and not len(names):
        package.tree(package.workbook).remove(names)


def _strip_sheet(package: Package, part: str) -> bool:
    """Formulas that call out become their values; whether there were any. Raises CannotMark for other such rules."""
    xml = package.read(part)
    before = xml
    doubtful = may_call_out(xml)
    xml, formulas = _without_calls(xml) if doubtful else (xml, False)
    if doubtful and any(map(_calls, _OTHER_FORMULAS.findall(xml))):
        raise CannotMark("文件的数据有效性或条件格式引用了其他工作簿")
    for relation in package.relations(part):
        if relation.outside:
            if relation.kind != "hyperlink":
                raise CannotMark("文件链接了外部的对象")
            xml = _without_link(xml, relation.id)
            package.unrelate(part, relation.id)
    if b"macro" in xml:
        xml = MACRO_OF_SHAPE.sub(rb'\1""', xml)
    if b"webPublishItems" in xml or b"HyperlinkBase" in xml:
        xml = _PUBLISHED.sub(b"", xml)
    if xml != before:
        package.write(part, xml)
    return formulas


def _without_calls(xml: bytes) -> tuple[bytes, bool]:
    calls = [match for match in _FORMULA.finditer(xml) if match[3] and _calls(match[3])]
    if not calls:
        return xml, False
    shared = {number[1] for match in calls if (number := _SHARED.search(match[2]))}
    starts = {match.start() for match in calls}

    def kept(match: re.Match[bytes]) -> bytes:
        number = _SHARED.search(match[2])
        return b"" if match.start() in starts or (number and number[1] in shared) else match[0]

    return _FORMULA.sub(kept, xml), True


def _calls(formula: bytes) -> bool:
    return calls_out(plain_text(formula)) is not None


def _without_link(xml: bytes, id_: str) -> bytes:
    stripped = _without(_LINK, xml, id_)
    return re.sub(rb"<((?:[^<>\s/:]+:)?)hyperlinks\s*>\s*</\1hyperlinks>", b"", stripped)


def _without(element: re.Pattern[bytes], xml: bytes, id_: str) -> bytes:
    """Without those elements that name the relation."""
    reference = re.compile(rb"""\bid\s*=\s*["']%s["']""" % re.escape(id_.encode()))
    return element.sub(lambda match: b"" if reference.search(match[0]) else match[0], xml)


def _strip_drawings(package: Package) -> None:
    relations = list(package.all_relations())
    for name in drawings(package.names, relations):
        xml = package.read(name)
        stripped = MACRO_OF_CONTROL.sub(b"", MACRO_OF_SHAPE.sub(rb'\1""', _IMAGE_ELSEWHERE.sub(b"", xml)))
        stripped = TEXT_OF_SHAPE.sub(
            lambda match: match[1] + b'""' if _calls(match[2] or match[3]) else match[0], stripped
        )
        for relation in [
            relation for relation in package.relations(name) if relation.outside and relation.kind == "hyperlink"
        ]:
            stripped = _without(_SHAPE_LINK, stripped, relation.id)
            package.unrelate(name, relation.id)
        if stripped != xml:
            package.write(name, stripped)
    charts = {relation.target for _, relation in relations if relation.kind.lower().startswith("chart")}
    for name in package.names:
        is_chart = name in charts or "/charts/" in name.lower()
        if is_chart and any(map(_calls, _OTHER_FORMULAS.findall(package.read(name)))):
            raise CannotMark("文件的图表引用了其他工作簿")


def _named(package: Package, *endings: str) -> Iterator[str]:
    yield from [name for name in package.names if name.lower().endswith(endings)]


def _check_outside(package: Package) -> None:
    """Raises CannotMark where anything is left."""
    if any(relation.outside for _, relation in package.all_relations()):
        raise CannotMark("文件链接了外部的对象")
    for name in _named(package, ".xml", ".vml", ".rels"):
        xml = package.read(name)
        if name.lower().startswith("docprops/") and _PUBLISHED.search(xml):
            package.write(name, _PUBLISHED.sub(b"", xml))
        if _leads_outside(xml):
            raise CannotMark("文件里有对外的地址")


@once_per_part(128)
def _leads_outside(xml: bytes) -> bool:
    lowered = xml.lower()
    return any(word in lowered for word in _LEADING) and _LEFT.search(xml) is not None
