"""定稿 of a Word document: as it was received, its 校验数 told, no 公开版."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from gouji.export.returned.document import mark_document
from gouji.export.returned.marks import Mark, Stamp
from gouji.files import Source
from gouji.finishing import Task, make
from gouji.samples.report import build_report
from gouji.templates.catalogue import built_in
from tests.audit import returns


def test_a_document_is_finished_as_received_without_our_marks(tmp_path: Path) -> None:
    path = build_report(returns("岳阳市政务服务中心"), tmp_path)
    data = path.read_bytes()
    made = make(Task(Source(path, path.name), built_in(), sha256(data).hexdigest(), 2019))
    assert (made.sent_up, made.published, made.reason, made.extension) == (data, b"", "", ".docx")
    assert made.number and "公开前请自行处理" in made.public_reason
    mark = Mark("0" * 16, "X-01", "核实性", "不符", "问题", "第1个表", "第1行第1列")
    marked = mark_document(data, [mark], Stamp("0" * 64), "某局")
    path.write_bytes(marked)
    again = make(Task(Source(path, path.name), built_in(), sha256(marked).hexdigest(), 2019))
    assert again.number == made.number and "核对".encode() not in again.sent_up
