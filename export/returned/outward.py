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
_HARMLESS = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
# A formula that calls out: another workbook ([1]表!A1, '[1]我 的'!A1), a DDE server, the network.
_CALLS = re.compile(
    rb"""\[[^\[\]]*\][^\[\](),;+*/^%&<>="'\s-]*!|'[^'\[<>]*\[[^\[\]'<>]*\](?:[^'<>]|'')*'!|\||"""
    rb"""(?:\b|\.)(?:DDE|WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE)\s*\(""",
    re.IGNORECASE,
)
_SIGNS = (b"[", b"|", b"DDE", b"WEBSERVICE", b"RTD", b"CALL", b"REGISTER", b"EXEC", b"IMAGE")
"""Without any of these no formula of a sheet calls out: most sheets have thousands of formulas, and none that does."""
_FORMULA = re.compile(rb"<((?:\w+:)?)f\b([^<>]*?)(?:/>|>([^<]*)</\1f>)")
_SHARED = re.compile(rb"""\bsi\s*=\s*["'](\d+)["']""")
_TEXTS = re.compile(rb'"[^"<>]*"|&quot;.*?&quot;')
_OTHER_FORMULAS = re.compile(rb"<(?:\w+:)?(?:formula[12]?|f)\b[^<>]*>([^<]*)<")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^<>]*?/>|<(?:\w+:)?hyperlink\b[^<>]*?>.*?</(?:\w+:)?hyperlink>", re.DOTALL)
_MACRO = re.compile(rb"""(\smacro\s*=\s*)(?:"[^"]+"|'[^']+')""")
_VML_MACRO = re.compile(rb"<x:FmlaMacro>[^<]*</x:FmlaMacro>")


def strip_outward(package: Package) -> None:
    """Take all of it out. Raises CannotMark for what holds too much of it."""
    for what, pattern in _FATAL.items():
        if any(re.match(pattern, name, re.IGNORECASE) for name in package.names):
            raise CannotMark(f"文件含有{what}")
    had_names = package.names
    for name in [name for name in package.names if _DROPPED.fullmatch(name)]:
        package.drop(name)
    if len(package.names) < len(had_names):
        package.drop_unused_defaults()
    package.without_macros()
    _strip_workbook(package)
    stripped = [_strip_sheet(package, sheet.part) for sheet in package.sheets()]
    if any(stripped) and (chain := package.related(package.workbook, "calcChain")) is not None:
        package.drop(chain)  # it lists formulas that are values now; every program makes it anew
    _strip_drawings(package)
    _check_outside(package)


def _strip_workbook(package: Package) -> None:
    links, names = package.child("externalReferences"), package.child("definedNames")
    if links is not None:
        package.tree(package.workbook).remove(links)
    for one in [] if names is None else list(names):
        runs = any(one.get(key) in {"1", "true"} for key in ("function", "vbProcedure", "xlm"))
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
        if relation.outside and not (relation.kind == "hyperlink" and _HARMLESS.match(relation.target)):
            if relation.kind != "hyperlink":
                raise CannotMark("文件链接了外部的对象")
            xml = _without_link(xml, relation.id)
            package.unrelate(part, relation.id)
    xml = _MACRO.sub(rb'\1""', xml)
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
    return _CALLS.search(_TEXTS.sub(b"", formula)) is not None


def _without_link(xml: bytes, id_: str) -> bytes:
    wanted = re.compile(rb"""\bid\s*=\s*["']%s["']""" % re.escape(id_.encode()))
    left = _LINK.sub(lambda match: b"" if wanted.search(match[0]) else match[0], xml)
    return re.sub(rb"<((?:\w+:)?)hyperlinks\s*>\s*</\1hyperlinks>", b"", left)


def _strip_drawings(package: Package) -> None:
    for name in _named(package, ".xml", ".vml"):
        if "/drawings/" in name.lower():
            xml = package.read(name)
            left = _VML_MACRO.sub(b"", _MACRO.sub(rb'\1""', xml))
            if left != xml:
                package.write(name, left)
        elif "/charts/" in name.lower() and any(map(_calls, _OTHER_FORMULAS.findall(package.read(name)))):
            raise CannotMark("文件的图表引用了其他工作簿")


def _named(package: Package, *endings: str) -> Iterator[str]:
    yield from [name for name in package.names if name.lower().endswith(endings)]


def _check_outside(package: Package) -> None:
    for _, relation in package.all_relations():
        if relation.outside and not (relation.kind == "hyperlink" and _HARMLESS.match(relation.target)):
            raise CannotMark("文件链接了外部的对象")
