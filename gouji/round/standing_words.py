"""How a round stands in words, and what is to be done next: for the screen and for the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from gouji.export.outputs import LETTERS, SUMMARY
from gouji.export.parties import title
from gouji.export.states import FINISHED, TO_DECIDE, TO_EXPLAIN, TO_MEND, UNCHOSEN, state_words
from gouji.round.folder import FINAL, ISSUED, RECEIVED
from gouji.round.settings import SETTINGS_FILE, Settings
from gouji.round.standing import Standing
from gouji.templates.review import WORDINGS_SHEET
from gouji.validate.frames import SEVERITIES

_FEW = 6


class Step(NamedTuple):
    """`words`: what to do, with the command; `work`: what it belongs to, empty where it is done outside gouji."""

    words: str
    work: Literal["", "下发", "收表", "核对", "催报", "发给单位", "采用", "审核", "定稿", "归档", "表样"] = ""


def standing_lines(status: Standing) -> Iterator[tuple[str, str]]:
    """(what, how it stands), in about ten lines."""
    settings = status.round.settings
    bureau = f"，{settings.bureau}" if settings.bureau else ""
    yield "这一轮", f"{settings.year}年度{bureau}（{status.round.folder}）"
    if settings.deadline is not None:
        yield "期　限", f"{settings.deadline}，{_days(status)}"
    if status.forms_fault:
        yield "表　样", status.forms_fault
    yield "名　册", f"{status.units} 个单位，{status.projects} 个项目" if status.roster else status.roster_fault
    if status.roster is not None:
        issued = status.units - len(status.unissued)
        yield "下　发", f"{issued} 个单位" + (f"，还没有下发的 {_named(status.unissued)}" if status.unissued else "")
    unread = f"，其中 {status.unread} 个还没有核对" if status.unread else ""
    yield "收　到", f"{status.received} 个文件{unread}"
    if status.run is not None:
        yield from _checked(status)
    if status.finished:
        yield "定　稿", f"{status.finished} 个文件（{FINAL}）"


def _checked(status: Standing) -> Iterator[tuple[str, str]]:
    run = status.run or {}
    yield "核　对", f"最近一次 {str(run.get('started', ''))[:16].replace('T', ' ')}"
    if status.roster is not None:
        late = f"逾期的 {status.late} 个" if status.late else ""
        owing = f"没有报齐的 {_named([title(unit) for unit in status.owing])}" if status.owing else ""
        yield "单　位", "，".join(filter(None, [f"报齐 {status.units - len(status.owing)} 个", owing, late]))
    yield "各　表", state_words(status.states) or "没有"
    counts = [f"{name} {status.open[name]} 条" for name in SEVERITIES if status.open[name]]
    closed = f"；已审 {status.closed} 条" if status.closed else ""
    yield "问　题", ("，".join(counts) or "没有") + closed
    yield "审　核", f"意见 {status.opinions} 条" + (f"；{SUMMARY} 运行以后改过" if status.edited else "")
    yield "退　回", f"{status.returned} 个单位；反馈意见 {status.letters} 封"


def _days(status: Standing) -> str:
    deadline = status.round.settings.deadline
    remaining = 0 if deadline is None else (deadline - status.today).days
    return f"还有 {remaining} 天" if remaining > 0 else "今天截止" if remaining == 0 else f"已过 {-remaining} 天"


def _named(names: list[str]) -> str:
    few = "、".join(names[:_FEW]) + (" 等" if len(names) > _FEW else "")
    return f"{len(names)} 个：{few}"


def next_steps(status: Standing) -> Iterator[Step]:
    """What to do, the most urgent first."""
    yield from _to_put_right(status)
    if status.roster is None:
        yield Step(f"填好名册“{status.round.settings.roster}”，再运行 gouji issue")
        return
    if not status.round.settings.forms and status.unissued:
        yield Step(f"在 {SETTINGS_FILE} 的 forms（{Settings.model_fields['forms'].title}）写明下发哪些表")
    elif len(status.unissued) == status.units and not status.received:
        yield Step(f"运行 gouji issue，把“{ISSUED}”里的工作簿发给各单位", "下发")
    elif status.unissued and (status.owing or status.run is None):
        yield Step(f"给后来加进名册的单位下发：gouji issue --only {'，'.join(status.unissued[:_FEW])}", "下发")
    if not status.received:
        yield Step(f"把收到的报表放进“{RECEIVED}”，不用改名，再运行 gouji run", "收表")
    elif status.unread or status.run is None:
        yield Step("运行 gouji run，核对收到的文件", "核对")
    elif status.edited:
        yield Step(f"{SUMMARY} 里填过审核意见，请运行 gouji run 带入", "核对")
    elif status.decided or status.wordings:
        if status.decided:
            to = f"{SUMMARY}、“退回”和“{LETTERS}”"
            yield Step(f"运行 gouji run，把在桌面上写的 {status.decided} 条意见写进 {to}", "核对")
        if status.wordings:
            written = f"{WORDINGS_SHEET}，{status.wordings} 次"
            yield Step(f"运行 gouji run，按在桌面上确定的写法（{written}）重新读取", "核对")
    else:
        yield from _after_run(status)


def _to_put_right(status: Standing) -> Iterator[Step]:
    """What stands in the way of the commands."""
    if status.lacking:
        names = "、".join(status.lacking)
        yield Step(f"这个文件夹里没有“{names}”。如果是复制来的，可能只复制了一半，请从原来的地方补上")
    if status.forms_fault:
        yield Step(f"{status.forms_fault}。改正以前不能下发和运行", "表样")


def _after_run(status: Standing) -> Iterator[Step]:
    if status.owing:
        yield Step(
            f"向没有报齐的 {len(status.owing)} 个单位催报（{SUMMARY} 的“催报名单”，或运行 gouji letters --remind）",
            "催报",
        )
    if status.letters or status.returned:
        sent = f"把“退回”里的文件和“{LETTERS}”发给单位；改好的文件放进“{RECEIVED}”，再运行 gouji run"
        yield Step(sent, "发给单位")
    if status.states[UNCHOSEN]:
        yield Step(
            f"确定报了不止一份的用哪一份：{SUMMARY} 的“收表明细”（“采用”栏）或桌面的“收表”，再运行 gouji run", "采用"
        )
    if status.states[TO_DECIDE] or status.states[TO_EXPLAIN] or status.states[TO_MEND]:
        where = f"“{status.round.results / SUMMARY}”的“问题清单”或桌面的“问题”"
        yield Step(f"填写审核意见：{where}，再运行 gouji run", "审核")
    if status.ready:
        yield Step(f"运行 gouji final，把通过的 {status.ready} 个文件定稿", "定稿")
    elif status.states and set(status.states) == {FINISHED}:
        yield Step("都已定稿，运行 gouji archive 归档", "归档")
