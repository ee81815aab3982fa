"""A Word document goes back to its unit: comments where the faults are, a list in front, everything else as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from lxml import etree

from gouji.export.results import Results
from gouji.export.returned.document import is_document, mark_document, unmarked_document
from gouji.export.returned.marks import Mark, Stamp
from gouji.export.returned.parts import CannotMark
from gouji.ingest.files.docx_xml import tag
from gouji.ingest.files.xml import tree
from gouji.ingest.read import read_workbook
from gouji.pipeline import run
from gouji.samples.build import ROSTER
from gouji.samples.document import cell, document_bytes, paragraph, table
from gouji.samples.report import build_report
from gouji.samples.word_table import Patch
from tests.audit import returns

UNIT = "衡山县行政审批服务局"
SAID = "情况属实，以决算为准。"
SHA = "0" * 64
TABLE = table([Patch(0, 0, 1, 2, "项目"), Patch(0, 2, 1, 1, "金额"), Patch(1, 0, 1, 1, "甲"), Patch(1, 2, 1, 1, "5")])
BODY = paragraph("某表") + TABLE + paragraph("填表人：无")


def mark(number: int, sheet: str | None, place: str | None, severity: str = "核实性") -> Mark:
    return Mark(f"{number:016x}", "X-01", severity, "不符", f"第{number}个问题", sheet, place)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def commented(data: bytes) -> dict[str, str]:
    """What each comment is about, by its first line of text."""
    opened: Document = docx.Document(io.BytesIO(data))
    texts = {str(one.comment_id): one.text.split("\n")[-1] for one in opened.comments}
    root = tree(parts(data)["word/document.xml"])
    found: dict[str, str] = {}
    for start in [one for one in root.iter() if tag(one) == "commentRangeStart"]:
        holder = start.getparent()
        assert holder is not None
        number = next(str(value) for key, value in start.attrib.items() if key.endswith("}id"))
        found[texts[number]] = "".join(map(str, holder.itertext()))
    return found


def test_comments_stand_at_the_cells_and_lines_and_the_list_in_front() -> None:
    marks = [
        mark(1, "第1个表", "第2行第3列"), mark(2, "第1个表", "上方第1行"), mark(3, "第1个表", "下方第1行"),
        mark(4, "第1个表", "第1行第2列"), mark(5, None, None, "强制性"), mark(6, "第9个表", "第1行第1列"),
    ]  # fmt: skip
    made = mark_document(document_bytes(BODY), marks, Stamp(SHA), "某局")
    assert commented(made) == {"第1个问题": "5", "第2个问题": "某表", "第3个问题": "填表人：无", "第4个问题": "项目"}
    book = read_workbook(made, "某局.docx")
    assert [sheet.name for sheet in book.sheets] == ["_退回", "问题", "第1个表"]
    listed = [row[1] for row in book.sheets[1].rows]
    assert listed[:3] == ["位置", "（整个文件）", "第9个表第1行第1列"]
    before = read_workbook(document_bytes(BODY), "某局.docx")
    assert book.sheets[2].rows == before.sheets[0].rows and book.paragraphs == before.paragraphs


def test_every_other_part_is_as_it_was_and_without_marks_the_text_is_too() -> None:
    picture = {"word/media/a.png": b"\x89PNG\r\n", "docProps/app.xml": "<Properties/>"}
    given = document_bytes(BODY, picture)
    made = mark_document(given, [mark(1, "第1个表", "第2行第3列")], Stamp(SHA), "某局")
    before, after = parts(given), parts(made)
    changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert after.keys() - before.keys() == {"word/comments1.xml"}
    assert {name for name in before if before[name] != after[name]} == changed
    back = unmarked_document(made)
    assert back is not None
    assert canonical(parts(back)["word/document.xml"]) == canonical(before["word/document.xml"])
    assert unmarked_document(given) is None
    again = mark_document(made, [mark(1, "第1个表", "第2行第3列")], Stamp("1" * 64, 3), "某局")
    assert commented(again) == {"第1个问题": "5"}
    assert len(docx.Document(io.BytesIO(again)).tables) == 2


def canonical(part: bytes) -> bytes:
    return etree.tostring(tree(part), method="c14n")


def test_a_comment_of_the_units_own_stays() -> None:
    given = document_bytes(BODY)
    opened: Document = docx.Document(io.BytesIO(given))
    opened.add_comment(opened.paragraphs[0].runs, "自己的批注", "张")
    kept = io.BytesIO()
    opened.save(kept)
    made = mark_document(kept.getvalue(), [mark(1, "第1个表", "第2行第3列")], Stamp(SHA), "某局")
    assert commented(made) == {"自己的批注": "某表", "第1个问题": "5"}
    back = unmarked_document(made)
    assert back is not None and commented(back) == {"自己的批注": "某表"}


def test_what_acts_is_not_given_back_and_links_lead_nowhere() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    with pytest.raises(CannotMark, match="嵌入的对象"):
        mark_document(document_bytes(BODY, {"word/embeddings/a.bin": ole}), [], Stamp(SHA), "某局")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId7" Type="{office}/hyperlink" Target="http://a.invalid/" TargetMode="External"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    body = '<w:p><w:hyperlink r:id="rId7"><w:r><w:t>网址</w:t></w:r></w:hyperlink></w:p>' + BODY
    relations = {"word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{link}</Relationships>'}
    made = parts(mark_document(document_bytes(body, relations), [], Stamp(SHA), "某局"))
    assert b"a.invalid" not in b"".join(made.values()) and "网址".encode() in made["word/document.xml"]


def test_no_address_is_given_back_and_every_other_part_is_as_it_was() -> None:
    """Hyperlinks with a place in another document, fields, shapes, the template of this machine, the base of links."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/relationships"

    def relations(*named: tuple[str, str, str]) -> str:
        inner = "".join(
            f'<Relationship Id="{id_}" Type="{office}/{kind}" Target="{target}"'
            f"{'' if target.endswith('.xml') else ' TargetMode=' + chr(34) + 'External' + chr(34)}/>"
            for id_, kind, target in named
        )
        return f'<Relationships xmlns="{kinds}">{inner}</Relationships>'

    def field(instruction: str, shown: str) -> str:
        char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        return (
            f"<w:p>{char.format('begin')}<w:r><w:instrText> {instruction} </w:instrText></w:r>{char.format('separate')}"
            f"<w:r><w:t>{shown}</w:t></w:r>{char.format('end')}</w:p>"
        )

    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        '<w:p><w:hyperlink r:id="rId7" w:docLocation="别的.docx"><w:r><w:t>网址</w:t></w:r></w:hyperlink></w:p>'
        + field("HYPERLINK &quot;C:\\\\别的.docx&quot;", "看这里")
        + field("HYPERLINK \\l &quot;本文&quot;", "看本文")
        + '<w:p><w:fldSimple w:instr=" HYPERLINK http://a.invalid "><w:r><w:t>那里</w:t></w:r></w:fldSimple></w:p>'
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" href="http://b.invalid/"/></w:pict></w:r></w:p>'
    )
    made = parts(
        mark_document(
            document_bytes(
                body + BODY,
                {
                    "word/_rels/document.xml.rels": relations(
                        ("rId9", "settings", "settings.xml"), ("rId7", "hyperlink", "file:///C:/别的.docx")
                    ),
                    "word/settings.xml": f'<w:settings xmlns:w="{word}" xmlns:r="{office}">'
                    '<w:attachedTemplate r:id="rId1"/><w:zoom w:percent="100"/></w:settings>',
                    "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", "file:///C:/别的.dotx")),
                    "docProps/app.xml": "<Properties><HyperlinkBase>http://c.invalid/</HyperlinkBase></Properties>",
                    "docProps/core.xml": "<coreProperties/>",
                },
            ),
            [], Stamp(SHA), "某局",
        )
    )  # fmt: skip
    whole = b"".join(made.values()).decode()
    assert not any(word in whole for word in ("别的", "invalid", "attachedTemplate", "HyperlinkBase"))
    text = made["word/document.xml"].decode()
    assert all(word in text for word in ("网址", "看这里", "那里", "看本文", 'HYPERLINK \\l "本文"'))
    assert b'<w:zoom w:percent="100"/>' in made["word/settings.xml"]
    assert made["docProps/core.xml"].endswith(b"<coreProperties/>")


def test_the_kind_of_a_file_is_told_by_its_content() -> None:
    assert is_document(document_bytes(cell("")))
    assert not is_document(b"PK\x03\x04") and not is_document(b"%PDF")


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results, Path]:
    """A published report, given back, explained, sent again."""
    folder = tmp_path_factory.mktemp("word")
    inbox, out = folder / "收到", folder / "结果"
    first = build_report(returns(UNIT), inbox)
    before = run([inbox], out=out, roster_path=ROSTER, only=["退回"])
    copy = out / "退回" / UNIT / first.name
    opened: Document = docx.Document(str(copy))
    for row in opened.tables[0].rows[1:]:
        row.cells[7].text = SAID
    opened.save(str(inbox / "改好.docx"))
    return before, run([inbox], out=out, roster_path=ROSTER, only=["退回"]), out


def test_it_comes_back_in_the_place_of_the_first_with_what_the_unit_says(
    mended: tuple[Results, Results, Path],
) -> None:
    before, after, out = mended
    status = after.returns.groupby("file")["status"].unique().map(list).to_dict()
    assert status == {f"{UNIT}.docx": ["已替代"], "改好.docx": ["已收"]}
    asked = before.findings[before.findings["file"].notna() & before.findings["severity"].ne("表样问题")]
    told = after.findings[after.findings["file"].eq("改好.docx")]
    assert sorted(told["finding_id"]) == sorted(asked["finding_id"]) and len(told) > 0
    assert set(told["explanation"]) == {SAID}
    assert not list((out / "退回").rglob("*.docx"))
