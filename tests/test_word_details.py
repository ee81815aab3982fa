"""What real documents do to their cells changes nothing that is read: three forms, every kind of disorder on each."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from gouji.pipeline import run
from gouji.samples.document import document_bytes, paragraph
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from tests.documents import in_word

_TEXT = re.compile(
    r'<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve">([^<]+)</w:t></w:r>(?=</w:p></w:tc>)'
)
"""The only text of a cell, or its last paragraph."""
_FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def _field(text: str) -> str:
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    told = "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
    return char.format("begin") + told + char.format("separate") + _run(text) + char.format("end")


def _box(text: str) -> str:
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return f'<w:r><w:drawing><wps:txbx xmlns:wps="wps">{inner}</wps:txbx></w:drawing></w:r>'


OF_FIGURES: dict[str, Callable[[str], str]] = {
    "全角数字": lambda text: _run(text.translate(_WIDE)),
    "分成几截": lambda text: "".join(map(_run, text)),
    "修订": lambda text: f"<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins>{_run(text)}</w:ins>",
    "域": _field,
    "脚注": lambda text: _run(text) + '<w:r><w:footnoteReference w:id="1"/></w:r>',
    "文本框": _box,
    "前后空格": lambda text: _run(f"\u3000 {text} "),
}
OF_LABELS: dict[str, Callable[[str], str]] = {
    "标签里换行": lambda text: _run(text[: len(text) // 2]) + "<w:r><w:br/></w:r>" + _run(text[len(text) // 2 :]),
    "标签字间空格": lambda text: _run("\u3000".join(text) if len(text) <= 4 else text),
}


def disturbed(data: bytes, of_figures: Callable[[str], str] | None, of_labels: Callable[[str], str] | None) -> bytes:
    with ZipFile(BytesIO(data)) as package:
        body = package.read("word/document.xml").decode()
    body = body[body.index("<w:body>") + len("<w:body>") : body.index("<w:sectPr/>")]

    def changed(found: re.Match[str]) -> str:
        change = of_figures if _FIGURE.fullmatch(found[2]) else of_labels
        return found[0] if change is None or "&" in found[2] else change(found[2])

    return document_bytes(_TEXT.sub(changed, body))


def without_borders(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as package:
        body = package.read("word/document.xml").decode()
    body = body[body.index("<w:body>") + len("<w:body>") : body.index("<w:sectPr/>")]
    return document_bytes(re.sub(r'<w:(?:right|insideV) w:val="single" w:sz="4"/>', "", body))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, bytes, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("details")
    generate(folder, 1, 0, seed=3)
    (path,) = (folder / WORKBOOKS).iterdir()
    data = in_word(path.read_bytes(), path.name)
    return folder, path, data, read(folder, path, data)


def read(folder: Path, path: Path, data: bytes) -> pd.DataFrame:
    sent = folder / f"{path.stem}.docx"
    sent.write_bytes(data)
    results = run([sent], roster_path=folder / ROSTER, year=2021)
    returns = results.returns[["return_id", "form", "instance"]]
    frame = results.values.frame().merge(returns, on="return_id").fillna({"instance": ""})
    return frame.set_index(["form", "instance", "item", "line"])[["value", "state"]].sort_index()


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("kind", [*OF_FIGURES, *OF_LABELS, "半边框"])
def test_what_is_read_is_the_same(plain: tuple[Path, Path, bytes, pd.DataFrame], kind: str) -> None:
    folder, path, data, expected = plain
    assert expected["value"].notna().sum() > 50 and expected.index.get_level_values("form").nunique() >= 3
    made = without_borders(data) if kind == "半边框" else disturbed(data, OF_FIGURES.get(kind), OF_LABELS.get(kind))
    assert made != data
    pd.testing.assert_frame_equal(read(folder, path, made), expected)
