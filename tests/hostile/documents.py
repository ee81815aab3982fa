"""Word documents that swell, nest, lead outside or carry something along; their tables are those of a good workbook."""

from __future__ import annotations

import io
import zipfile

from gouji.ingest.read import read_workbook
from gouji.samples.document import cell, document_bytes, paragraph, run
from tests.documents import body_of
from tests.hostile.base import Case, Parts, zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1528)
_SPACES = " " * 100_000_000


def _body(parts: Parts) -> str:
    return body_of(read_workbook(zipped(parts), "好.xlsx"))


def _document(before: str = "", **more: str | bytes) -> Case:
    return lambda parts: document_bytes(before + _body(parts), more)


def _related(kind: str, target: str, part: str = "word/_rels/document.xml.rels") -> dict[str, str | bytes]:
    relation = f'<Relationship Id="rIdX" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return {part: f'<Relationships xmlns="{_PACKAGE}">{relation}</Relationships>'}


def _nested(depth: int) -> str:
    inner = ""
    for _ in range(depth):
        inner = f"<w:tbl><w:tr>{cell('甲')}<w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    return inner


def _many(cells: int) -> str:
    row = f"<w:tr>{cell('甲') * 50}</w:tr>"
    return f"<w:tbl>{row * (cells // 50)}</w:tbl>"


def _doctype(parts: Parts) -> bytes:
    """A document type in the part that is read."""
    source = zipfile.ZipFile(io.BytesIO(document_bytes(_body(parts))))
    text = source.read("word/document.xml").decode().replace("<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document')
    return document_bytes("", {"word/document.xml": text})


def _twin(parts: Parts) -> bytes:
    written = io.BytesIO(document_bytes(_body(parts)))
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("WORD/document.xml", "<a/>")
    return written.getvalue()


_DDE = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DDEAU</w:instrText></w:r>'
_DDE += '<w:r><w:instrText>TO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" </w:instrText></w:r>'
_DDE += f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("1")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_SPAN = '<w:gridSpan w:val="2000000000"/>'
_WIDE = f"<w:tbl><w:tr>{cell('甲', _SPAN)}</w:tr></w:tbl>"

CASES: dict[str, Case] = {
    "好文档.docx": _document(),
    "外部模板.docx": _document(
        **{"word/settings.xml": f'<w:settings xmlns:w="{_MAIN}"/>'},
        **_related("attachedTemplate", "http://example.invalid/a.dotm", "word/_rels/settings.xml.rels"),
    ),
    "本机模板.docx": _document(
        **{"word/settings.xml": f'<w:settings xmlns:w="{_MAIN}"/>'},
        **_related("attachedTemplate", "file:///C:/Normal.dotm", "word/_rels/settings.xml.rels"),
    ),
    "外部图片.docx": _document(**_related("image", "http://example.invalid/a.png")),
    "DDE域.docx": _document(f"<w:p>{_DDE}</w:p>"),
    "嵌入对象.docx": _document(**{"word/embeddings/oleObject1.bin": _OLE}),
    "带宏.docx": _document(**{"word/vbaProject.bin": _OLE}),
    "套表千层.docx": _document(_nested(1000)),
    "套表三十层.docx": _document(_nested(30)),
    "十万格.docx": _document(_many(100_000)),
    "跨二十亿列.docx": _document(_WIDE),
    "膨胀.docx": _document(paragraph(_SPACES)),
    "膨胀部件.docx": _document(**{"word/media/a.xml": _SPACES}),
    "文档类型.docx": _doctype,
    "重名部件.docx": _twin,
    "引用别的文档.docx": _document('<w:altChunk r:id="rId9"/>'),
}
