"""Word documents as other programs write them: one XML file, choices of programs, pictures for figures, web pages."""

from __future__ import annotations

import base64
import re
import subprocess
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

import pytest

from gouji.ingest.files import converted
from gouji.ingest.grid import PICTURE, Kind
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.samples.document import document_bytes, paragraph, run, table
from gouji.samples.word_table import Patch

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WPS = "http://www.wps.cn/officeDocument/2013/wpsCustomData"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
TEXTS = [["项目", "全年预算数"], ["年度资金总额", "100.50"]]
BODY = (
    paragraph("某表")
    + table([Patch(row, column, 1, 1, text) for row, line in enumerate(TEXTS) for column, text in enumerate(line)])
    + paragraph("")
)


def texts(data: bytes, name: str) -> list[list[str]]:
    (sheet,) = read_workbook(data, name).sheets
    return [[str(value) for value in row] for row in sheet.rows]


def flat(data: bytes, more: str = "", before: str = "") -> bytes:
    """A .docx as one XML file."""
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    parts = ""
    with ZipFile(BytesIO(data)) as package:
        kinds = dict(
            re.findall(r'PartName="/([^"]+)" ContentType="([^"]+)"', package.read("[Content_Types].xml").decode())
        )
        for name in package.namelist():
            if name == "[Content_Types].xml":
                continue
            xml = re.sub(r"<\?xml.*?\?>", "", package.read(name).decode())
            kind = kinds.get(name, "application/vnd.openxmlformats-package.relationships+xml")
            parts += (
                f'<pkg:part pkg:name="/{name}" pkg:contentType="{kind}"><pkg:xmlData>{xml}</pkg:xmlData></pkg:part>'
            )
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}<?mso-application progid="Word.Document"?>'
    return f'{head}<pkg:package xmlns:pkg="{space}">{parts}{more}</pkg:package>'.encode()


@pytest.mark.parametrize("name", ["某局.xml", "某局.doc"])
def test_a_document_that_is_one_xml_file_is_read_and_said_to_be_one(name: str) -> None:
    picture = base64.b64encode(b"\x89PNG").decode()
    held = f"<pkg:binaryData>{picture}</pkg:binaryData>"
    more = f'<pkg:part pkg:name="/word/media/a.png" pkg:contentType="image/png">{held}</pkg:part>'
    data = flat(document_bytes(BODY), more)
    assert texts(data, name) == [["某表", ""], *TEXTS]
    assert read_workbook(data, name).notes[0].startswith("这是存成一个 XML 文件的 Word 文档")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (flat(document_bytes(BODY), before='<!DOCTYPE a [<!ENTITY b "c">]>'), "含有DTD"),
        (flat(document_bytes(BODY), "<pkg:part/>" * 5000), "成员过多"),
        (
            flat(document_bytes(BODY), '<pkg:part pkg:name="/a"><pkg:binaryData>=</pkg:binaryData></pkg:part>'),
            "文件损坏",
        ),
        (flat(document_bytes(BODY))[:-20], "文件损坏"),
        (flat(document_bytes(BODY), '<pkg:part pkg:name="/word/document.xml"/>'), "成员重名"),
    ],
)
def test_such_a_file_passes_the_same_gate(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_workbook(data, "某局.xml")
    assert refused.value.code == code


def test_what_acts_in_such_a_file_is_told() -> None:
    macro = f"<pkg:binaryData>{base64.b64encode(b'VBA').decode()}</pkg:binaryData>"
    data = flat(
        document_bytes(BODY), f'<pkg:part pkg:name="/word/vbaProject.bin" pkg:contentType="a">{macro}</pkg:part>'
    )
    assert any("宏" in note for note in read_workbook(data, "某局.xml").notes)


def chosen(required: str, text: str, fallback: str = "") -> str:
    """A run in a choice of one program, and what the others are to show."""
    other = f"<mc:Fallback>{run(fallback)}</mc:Fallback>" if fallback else ""
    choice = f'<mc:Choice xmlns:a="{_WPS}" Requires="{required}">{run(text)}</mc:Choice>'
    return f'<mc:AlternateContent xmlns:mc="{_MC}">{choice}{other}</mc:AlternateContent>'


def cells(*runs: str) -> list[object]:
    body = f"<w:tbl><w:tr>{''.join(f'<w:tc><w:p>{one}</w:p></w:tc>' for one in runs)}</w:tr></w:tbl>"
    return list(read_workbook(document_bytes(body), "某局.docx").sheets[0].rows[0])


def test_what_one_program_alone_shows_is_read_where_nothing_else_is_said() -> None:
    assert cells(chosen("a", "7.5"), chosen("a", "7.5", "8.5"), chosen("wps", "7.5", "8.5")) == [7.5, 8.5, 7.5]


def inline(holder: str) -> str:
    blip = f'<a:blip xmlns:a="{_DRAWING}/main"/>'
    space = f'xmlns:wp="{_DRAWING}/wordprocessingDrawing"'
    return f"<w:r><w:drawing><wp:{holder} {space}>{blip}</wp:{holder}></w:drawing></w:r>"


def shape(style: str) -> str:
    space = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    return f'<w:r><w:pict><v:shape {space} style="{style}"><v:imagedata/></v:shape></w:pict></w:r>'


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (inline("inline"), True), (shape("width:30pt"), True), ("<w:r><w:object/></w:r>", True),
        (inline("anchor"), False), (shape("position:absolute;width:30pt"), False),
        (inline("inline") + run("7.5"), False),
    ],
)  # fmt: skip
def test_a_picture_where_a_figure_should_stand_is_no_blank(content: str, named: bool) -> None:
    body = f"<w:tbl><w:tr><w:tc><w:p>{run('支出')}</w:p></w:tc><w:tc><w:p>{content}</w:p></w:tc></w:tr></w:tbl>"
    (sheet,) = read_workbook(document_bytes(body), "某局.docx").sheets
    assert sheet.special == ({(0, 1): (Kind.UNKNOWN, PICTURE)} if named else {})


@pytest.mark.libreoffice("lowriter")
@pytest.mark.parametrize(("extension", "name"), [("odt", "某局.odt"), ("html", "某局.doc")])
def test_documents_of_other_programs_are_converted(tmp_path: Path, extension: str, name: str) -> None:
    (tmp_path / "a.docx").write_bytes(document_bytes(BODY))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", extension, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True)
    data = (tmp_path / f"a.{extension}").read_bytes()
    assert texts(data, name)[-2:] == TEXTS
    assert "用 LibreOffice 转换以后读取" in read_workbook(data, name).notes[0]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"<html><body><table></table></body></html>", "某局.doc", "网页格式的文档，这台电脑上没有 LibreOffice"),
        (b"PK\x03\x04" + b"x" * 30 + b"application/vnd.oasis.opendocument.text", "某局.odt", "文件损坏"),
        (
            b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
            "某局.xml",
            "另存为 .docx",
        ),
        (b"<!DOCTYPE a><office:document>application/vnd.oasis.opendocument.text", "某局.fodt", "含有DTD"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "某局.doc", "另存为 .docx"),
    ],
)
def test_what_is_not_read_says_what_to_do(data: bytes, name: str, said: str) -> None:
    with patch.object(converted, "converter", return_value=None), pytest.raises(Refused) as refused:
        read_workbook(data, name)
    assert said in refused.value.code + refused.value.reason
