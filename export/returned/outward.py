"""What a copy never carries on: macros, DDE, links to other workbooks, and whatever else would act or call out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from export.returned.package import CannotMark, Package

_DROPPED = re.compile(
    r"(?:.*/)?vba(?:project|data)[^/]*\.(?:bin|xml)|customui/.*|userCustomization/.*|xl/externallinks/.*|"
    r"xl/attachedtoolbars\.bin|_xmlsignatures/.*",
    re.IGNORECASE,
)
"""Parts without which a workbook is whole."""
_FATAL = {
    "宏表": r"xl/(?:macrosheets|dialogsheets)/",
    "控件": r"xl/activex/",
    "嵌入的对象": r"xl/embeddings/(?!.*\.(?:xlsx|docx|pptx)$)",
    "外部数据连接": r"xl/(?:connections\.xml|querytables/|model/)",
    "网络加载项": r"xl/webextensions/",
    "共享工作簿的修订记录": r"xl/revisions/",
}
"""Parts that cannot be taken out of a workbook without breaking it."""
_DROPPED_KINDS = re.compile(
    r"vba(?:project|data).*|wordvbadata|externallink|attachedtoolbars|extensibility|usercustomization|"
    r"origin|signature",
    re.IGNORECASE,
)
"""The same, by what they are to the workbook: a part may have any name."""
_FATAL_KINDS = {
    "宏表": r"xl(?:intl)?macrosheet|dialogsheet",
    "控件": r"control|activexcontrolbinary",
    "嵌入的对象": r"oleobject",
    "外部数据连接": r"connections|querytable|powerpivotdata",
    "网络加载项": r"webextension(?:taskpanes)?",
    "共享工作簿的修订记录": r"revisionheaders|revisionlog",
}
_FATAL_TYPES = {
    "宏表": r"macrosheet|dialogsheet",
    "控件": r"activex",
    "嵌入的对象": r"oleobject",
    "外部数据连接": r"\.connections\+|querytable",
    "网络加载项": r"webextension",
}
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How VBA and embedded objects begin, under whatever name."""
_RUN_AT_OPENING = re.compile(r"(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)", re.IGNORECASE)
# A formula that calls out: another workbook ([1]表!A1, '[1]我 的'!A1), a DDE server, the network.
_CALLS = re.compile(
    rb"""\[[^\[\]]*\][^\[\](),;+*/^%&<>="'\s-]*!|'[^'\[<>]*\[[^\[\]'<>]*\](?:[^'<>]|'')*'!|\||"""
    rb"""(?:\b|\.)(?:DDE|WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE)\s*\(""",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    rb"""(?:"|&quot;)\s*(?:[a-z][a-z0-9+.-]{1,20}:(?://|\\\\)|mailto:|javascript:|\\\\)""", re.IGNORECASE
)
"""A text in a formula that is an address (HYPERLINK)."""
_SIGNS = (
    b"[", b"|", b"DDE", b"WEBSERVICE", b"RTD", b"CALL", b"REGISTER", b"EXEC", b"IMAGE",
    b"://", b":\\\\", b"\\\\", b"MAILTO", b"JAVASCRIPT",
)  # fmt: skip
"""Without any of these no formula of a sheet calls out: most sheets have thousands of formulas, and none that does."""
_FORMULA = re.compile(rb"<((?:\w+:)?)f\b([^<>]*?)(?:/>|>([^<]*)</\1f>)")
_SHARED = re.compile(rb"""\bsi\s*=\s*["'](\d+)["']""")
_TEXTS = re.compile(rb'"[^"<>]*"|&quot;.*?&quot;')
_OTHER_FORMULAS = re.compile(rb"<(?:\w+:)?(?:formula[12]?|f)\b[^<>]*>([^<]*)<")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^<>]*?/>|<(?:\w+:)?hyperlink\b[^<>]*?>.*?</(?:\w+:)?hyperlink>", re.DOTALL)
_MACRO = re.compile(rb"""(\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
_PUBLISHED = re.compile(rb"<((?:\w+:)?(?:webPublishItems|HyperlinkBase))\b[^<>]*?(?:/>|>(?:[^<]|<(?!/\1>))*+</\1\s*>)")
"""What publishes a sheet, and the address from which links are counted."""
_SHAPE_LINK = re.compile(rb"<((?:\w+:)?hlink(?:Click|Hover|MouseOver))\b[^<>]*?(?:/>|>(?:[^<]|<(?!/\1>))*+</\1\s*>)")
_OUTSIDE = rb"""(?:"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\\\\|//)[^"<>]*"|'\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\\\\|//)[^'<>]*')"""
_IMAGE_ELSEWHERE = re.compile(rb"\s(?:\w+:)?(?:src|href|althref)\s*=\s*" + _OUTSIDE, re.IGNORECASE)
_LEFT = re.compile(
    rb"\s(?:\w+:)?(?:src|href|althref|url|weburl|target|destinationfile|sourcefile|ddeservice)\s*=\s*" + _OUTSIDE,
    re.IGNORECASE,
)
_VML_MACRO = re.compile(rb"<x:FmlaMacro>[^<]*</x:FmlaMacro>")


def strip_outward(package: Package) -> None:
    """Take all of it out. Raises CannotMark for what holds too much of it."""
    for what, pattern in _FATAL.items():
        if any(re.match(pattern, name, re.IGNORECASE) for name in package.names):
            raise CannotMark(f"文件含有{what}")
    had_names = package.names
    acting = {
        one.target for _, one in package.all_relations() if _DROPPED_KINDS.fullmatch(one.kind) and not one.outside
    }
    for name in [name for name in package.names if _DROPPED.fullmatch(name) or name in acting]:
        package.drop(name)
    _refuse_acting(package)
    if len(package.names) < len(had_names):
        package.drop_unused_defaults()
    package.without_macros()
    _strip_workbook(package)
    stripped = [_strip_sheet(package, sheet.part) for sheet in package.sheets()]
    if any(stripped) and (chain := package.related(package.workbook, "calcChain")) is not None:
        package.drop(chain)  # it lists formulas that are values now; every program makes it anew
    _strip_drawings(package)
    _check_outside(package)


def _refuse_acting(package: Package) -> None:
    """Raises CannotMark for what acts and is part of the workbook, known by its relation, type and content."""
    kinds = {one.kind.lower() for _, one in package.all_relations()}
    types = {package.content_type(name).lower() for name in package.names}
    for what, pattern in _FATAL_KINDS.items():
        if any(re.fullmatch(pattern, kind) for kind in kinds):
            raise CannotMark(f"文件含有{what}")
    for what, pattern in _FATAL_TYPES.items():
        if any(re.search(pattern, type_) for type_ in types):
            raise CannotMark(f"文件含有{what}")
    if any(package.read(name).startswith(_COMPOUND) for name in package.names):
        raise CannotMark("文件含有嵌入的对象")


def _strip_workbook(package: Package) -> None:
    names = package.child("definedNames")
    for outward in map(package.child, ("externalReferences", "webPublishing", "webPublishObjects")):
        if outward is not None:
            package.tree(package.workbook).remove(outward)
    for one in [] if names is None else list(names):
        runs = any(one.get(key) in {"1", "true"} for key in ("function", "vbProcedure", "xlm"))
        runs |= _RUN_AT_OPENING.match(one.get("name", "")) is not None
        if runs or _calls(f"{one.text or ''}".encode()):
            names.remove(one)  # type: ignore[union-attr]
    if names is not None and not len(names):
        package.tree(package.workbook).remove(names)


def _strip_sheet(package: Package, part: str) -> bool:
    """Formulas that call out become their values; whether there were any. Raises CannotMark for other such rules."""
    xml = package.read(part)
    before = xml
    capitals = xml.upper()
    doubtful = any(sign in capitals for sign in _SIGNS)
    xml, formulas = _without_calls(xml) if doubtful else (xml, False)
    if doubtful and any(map(_calls, _OTHER_FORMULAS.findall(xml))):
        raise CannotMark("文件的数据有效性或条件格式引用了其他工作簿")
    for relation in package.relations(part):
        if relation.outside:
            if relation.kind != "hyperlink":
                raise CannotMark("文件链接了外部的对象")
            xml = _without_link(xml, relation.id)
            package.unrelate(part, relation.id)
    xml = _PUBLISHED.sub(b"", _MACRO.sub(rb'\1""', xml))
    if xml != before:
        package.write(part, xml)
    return formulas


def _without_calls(xml: bytes) -> tuple[bytes, bool]:
    found = [match for match in _FORMULA.finditer(xml) if match[3] and _calls(match[3])]
    if not found:
        return xml, False
    shared = {number[1] for match in found if (number := _SHARED.search(match[2]))}
    starts = {match.start() for match in found}

    def kept(match: re.Match[bytes]) -> bytes:
        number = _SHARED.search(match[2])
        return b"" if match.start() in starts or (number and number[1] in shared) else match[0]

    return _FORMULA.sub(kept, xml), True


def _calls(formula: bytes) -> bool:
    return _ADDRESSED.search(formula) is not None or _CALLS.search(_TEXTS.sub(b"", formula)) is not None


def _without_link(xml: bytes, id_: str) -> bytes:
    left = _without(_LINK, xml, id_)
    return re.sub(rb"<((?:\w+:)?)hyperlinks\s*>\s*</\1hyperlinks>", b"", left)


def _without(element: re.Pattern[bytes], xml: bytes, id_: str) -> bytes:
    """Without those elements that name the relation."""
    wanted = re.compile(rb"""\bid\s*=\s*["']%s["']""" % re.escape(id_.encode()))
    return element.sub(lambda match: b"" if wanted.search(match[0]) else match[0], xml)


def _strip_drawings(package: Package) -> None:
    for name in _named(package, ".xml", ".vml"):
        if "/drawings/" in name.lower():
            xml = package.read(name)
            left = _VML_MACRO.sub(b"", _MACRO.sub(rb'\1""', _IMAGE_ELSEWHERE.sub(b"", xml)))
            for relation in [one for one in package.relations(name) if one.outside and one.kind == "hyperlink"]:
                left = _without(_SHAPE_LINK, left, relation.id)
                package.unrelate(name, relation.id)
            if left != xml:
                package.write(name, left)
        elif "/charts/" in name.lower() and any(map(_calls, _OTHER_FORMULAS.findall(package.read(name)))):
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
        if _LEFT.search(xml):
            raise CannotMark("文件里有对外的地址")
