"""采用 at the desk: which of two versions counts and whose a table is, as by 收表明细, in the same log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gouji.logged import read_whole_log
from gouji.validate.review.log import CONFLICT, DECISION, DESK
from gouji.workers.here import Here
from tests.desk import Answer, Visitor, served
from tests.test_twelve_units import RUN, County
from tests.twelve_units import UNITS, paid_less, recipient, send

HOSTILE = "<img src=x>&再报.xlsx"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    """A round in which one unit sent two unlike returns, the second in a file of a hostile name."""
    county = County(tmp_path, monkeypatch)
    monkeypatch.setattr("gouji.workers.local.LocalWorkers", lambda *_, **__: Here())
    send(county.received, "twice")
    send(county.received, "twice", paid_less, HOSTILE)
    assert county.call(*RUN) == 1
    yield county


def choose(desk: Visitor, file: str, word: str, number: int = 0, **more: str) -> Answer:
    """Presses a button beside the first table of a file."""
    shown = desk.ask(f"/files?name={file.replace('&', '%26')}").text
    table = re.findall(r'name="table" value="([^"]+)"', shown)[number]
    seen = re.findall(r'name="seen" value="([^"]+)"', shown)[number]
    form = {"table": table, "seen": seen, "word": word} | more
    return desk.ask(f"/files/adopt?name={file.replace('&', '%26')}", form=form)


@pytest.mark.in_turn("long")
def test_which_of_two_counts(county: County) -> None:
    first = next(one.name for one in county.received.iterdir() if one.name != HOSTILE)
    with served(county.folder) as desk:
        shown = desk.ask(f"/files?name={first}").text
        assert (
            (shown.count("现在：否"), shown.count("现在：是")) == (1, 1)
            and "看“&lt;img src=x&gt;&amp;再报.xlsx”" in shown
            and "<img" not in shown
        )
        finding = desk.ask("/findings?rule=R-04").text
        link = re.findall(r'href="(/findings/[0-9a-f]+)', finding)[0]
        assert "在这个文件里确定（采用）" in desk.ask(link).text
        for name in ("", "../名册.csv", "收到/" + first, "<b>"):
            assert desk.ask(f"/files?name={name}").status == 404, name
        assert desk.ask("/files/adopt?name=x", {"Origin": "null"}, form={}).status == 403
        assert choose(desk, HOSTILE, "是").status == 303
        assert choose(desk, HOSTILE, "否", seen="0").status == 409  # another window had said 是
        assert choose(desk, HOSTILE, "<b>局").status == 409  # no unit of the roster
        assert choose(desk, HOSTILE, "是", table="x#y").status == 409
        assert choose(desk, HOSTILE, "单位").status == 400
        assert "已定：是" in desk.ask(f"/files?name={HOSTILE.replace('&', '%26')}").text
        assert "采用已定：是，运行后生效" in desk.ask(f"/units/{recipient('twice').unit_code}").text
    (entry,) = read_whole_log(county.folder / "结果")
    assert (entry.kind, entry.workbook, entry.written, entry.figures) == (DECISION, DESK, ("是",), "采用")
    assert entry.told[0] == UNITS["twice"] and entry.told[3] == HOSTILE and entry.return_sha256
    assert county.call(*RUN) == 1
    returns = county.results.returns
    assert set(returns.loc[returns["file"].eq(HOSTILE), "status"]) == {"已收"}
    assert set(returns.loc[returns["file"].eq(first), "status"]) == {"已替代", "重复文件"}
    assert len(read_whole_log(county.folder / "结果")) == 1
    with served(county.folder) as desk:
        assert "下一次运行生效）" not in desk.ask(f"/files?name={HOSTILE.replace('&', '%26')}").text


@pytest.mark.in_turn("long")
def test_the_workbook_says_otherwise_and_a_table_is_another_units(county: County) -> None:
    first = next(one.name for one in county.received.iterdir() if one.name != HOSTILE)
    with served(county.folder) as desk:
        assert choose(desk, HOSTILE, "否").status == 303
        county.adopt(HOSTILE)
    assert county.call(*RUN) == 1
    log = read_whole_log(county.folder / "结果")
    assert [(entry.kind, entry.written) for entry in log[1:]] == [(CONFLICT, ("否",)), (CONFLICT, ("是",))]
    with served(county.folder) as desk:
        for number in (0, 1):
            assert choose(desk, first, "单位", number, unit=UNITS["late"]).status == 303
    assert county.call(*RUN) == 1
    returns = county.results.returns
    assert set(returns.loc[returns["file"].eq(first), "unit"]) == {UNITS["late"]}
    assert set(returns["status"]) == {"已收"}
