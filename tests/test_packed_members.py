"""Archives of members that were compressed before."""

from __future__ import annotations

import io
import zipfile

from gouji.export.packed_members import archive, packed

PARTS = {"a.xml": b"<a/>" * 50, "b/c.xml": b"", "d.xml": bytes(range(256)), "工作表.xml": "勾稽".encode() * 1000}


def test_an_archive_of_packed_members_is_the_one_that_zipfile_writes() -> None:
    made = archive({name: packed(content) for name, content in PARTS.items()})
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == PARTS
    anew = io.BytesIO()
    with zipfile.ZipFile(anew, "w") as opened:
        for name, content in PARTS.items():
            opened.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    assert made == anew.getvalue()
