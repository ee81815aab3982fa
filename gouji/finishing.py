"""定稿: accepted workbooks made ready to be sent up and to be published, and the 校验数 of any file."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.final.check_number import check_number, unsettled
from gouji.export.final.finish import finished, identity_of, printed_numbers
from gouji.export.final.paper import Sheet, signed
from gouji.export.final.personal import issued_personal, personal_cells
from gouji.export.final.public import public
from gouji.export.records import records
from gouji.export.returned.copies import Copies
from gouji.export.returned.document import is_document, unmarked_document
from gouji.export.returned.package import CannotMark
from gouji.export.settled import outstanding
from gouji.export.states import FINISHED, PASSED, each_return
from gouji.files import Source, inbox, require_apart, require_folder
from gouji.ingest.files.pdf_pages import SIGN
from gouji.ingest.place import Place, contents
from gouji.ingest.read_return import read_return, units_forms
from gouji.ingest.refusal import Refused
from gouji.ingest.register.batch import assemble
from gouji.ingest.register.settling import BLANK
from gouji.pipeline import run
from gouji.results_folder import read_results, require_taken_up
from gouji.statement import read_place, read_statement
from gouji.templates.addresses import sheet_in_words
from gouji.templates.catalogue import Catalogue
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issuing.guide import GUIDE_SHEET
from gouji.templates.review import SENT_BACK
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET
from gouji.templates.verdicts import DIFFERS
from gouji.validate.wording import figure_text
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import Lost, Workers, in_order

SENT_UP, PUBLISHED = "送审版", "公开版"
_MUST, _COUNTS = "强制性", "已收"
_REPLACED, _COPY = _GONE = ("已替代", "重复文件")
_UNSEEN = "T-15"
"""Figures that count and would stand on no paper."""
_HELPERS = (GUIDE_SHEET, SELF_CHECK_SHEET, LEDGER_SHEET)
"""Sheets that served the filling in."""
_FEW = 3
_OF_PAGES = "PDF 文件不做定稿，请单位报送填好的工作簿或 Word 文件"
_OF_DOCUMENTS = "Word 文档照收到的样子留存，页脚不印校验数；里面可能有个人信息，没有自动删去，公开前请自行处理"


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be finished: of which forms, its hash when it was checked, the year that the batch was asked for, and
    what is printed with the tables of its `sheets`."""

    source: Source
    catalogue: Catalogue
    sha256: str
    year: int | None
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """Both editions of a file and its 校验数; `reason`, `public_reason`: why there is none."""

    number: str = ""
    sent_up: bytes = b""
    published: bytes = b""
    reason: str = ""
    public_reason: str = ""
    extension: str = ".xlsx"


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a file of that hash; the places are None where there is no such edition, and `made` says why;
    `due`: whether it would have to be finished (another file may stand for it)."""

    file: str
    made: Made
    sent_up: Path | None = None
    published: Path | None = None
    sha256: str = ""
    due: bool = True


@dataclass(frozen=True, slots=True)
class Verified:
    """A file's 校验数, made anew from its figures, and the one in the footer of each sheet that has one."""

    file: str
    number: str = ""
    printed: dict[str, str] | None = None
    reason: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every footer says the number of the figures, and there is one."""
        return bool(self.number) and bool(self.printed) and set((self.printed or {}).values()) == {self.number}


@dataclass(frozen=True, slots=True)
class _Checked:
    """Files that were checked: their tables and the totals of these, what of them must be mended first, what somebody
    has sent back, and (of a round) the tables that have not passed, with state and why."""

    sources: Sequence[Source]
    catalogue: Catalogue
    returns: pd.DataFrame
    totals: pd.DataFrame
    wrong: pd.DataFrame
    sent_back: pd.DataFrame
    held: pd.DataFrame
    year: int | None


def finish(
    files: Sequence[Place], out: Path, catalogue: Catalogue, year: int | None, workers: Workers
) -> Iterator[Finished]:
    """Write both editions of every file in which nothing 强制性 is 不符 below `out`.

    What was left out of the files is told last. Raises OSError, MixedPlacesError, UnreachableError.
    """
    require_folder(out)
    require_apart(files, out)
    below = inbox(files)
    results = run(below.sources, catalogue=catalogue, year=year, workers=workers)
    nothing, wrong = results.findings.iloc[:0], _to_be_mended(results.findings)
    checked = _Checked(below.sources, catalogue, results.returns, results.totals, wrong, nothing, nothing, year)
    yield from _editions(checked, out, workers)
    yield from (Finished(unseen.name, Made(reason=unseen.why)) for unseen in below.unseen)


def finish_round(folder: Path, out: Path, catalogue: Catalogue, workers: Workers) -> Iterator[Finished]:
    """The same of the files of a run, by its results in `folder` and what people decided there: findings that are
    closed (说明采纳, 规则误判) hold nothing back, 退回修改 does, and so does every table that has not passed.

    Raises OSError and StatementError, also where 汇总.xlsx was edited since: what it says does not count yet.
    """
    require_folder(out)
    statement = read_statement(folder)
    require_taken_up(folder, statement)
    results = handed_over(workers, partial(read_results, catalogue=catalogue), folder)
    opinions = results.decisions.loc[results.decisions["opinion"] == SENT_BACK, "finding_id"]
    sent_back = results.findings[results.findings["finding_id"].isin(opinions)]
    sources = [Source(read_place(file["place"]), file["file"]) for file in statement["files"]]
    results.year = year = statement["parameters"]["year"]
    tables = each_return(results)
    held = tables[~tables["state"].isin([PASSED, FINISHED])]
    wrong = _to_be_mended(outstanding(results))
    checked = _Checked(sources, catalogue, results.returns, results.totals, wrong, sent_back, held, year)
    yield from _editions(checked, out, workers)


def _to_be_mended(findings: pd.DataFrame) -> pd.DataFrame:
    return findings[(findings["severity"] == _MUST) & (findings["verdict"] == DIFFERS) | (findings["rule"] == _UNSEEN)]


def _editions(checked: _Checked, out: Path, workers: Workers) -> Iterator[Finished]:
    tables = dict(iter(checked.returns.groupby("file", sort=False)))
    barred = {source.name: _barred(tables[source.name], checked) for source in checked.sources}
    rows = {row["file"]: row for row in records(checked.returns.drop_duplicates("file"))}
    tasks = [
        Task(
            source, checked.catalogue, rows[source.name]["sha256"], checked.year, _sheets(tables[source.name], checked)
        )
        for source in checked.sources
        if not barred[source.name]
    ]
    outcomes = {
        task.source.name: Made(reason=f"程序中断（{outcome}）") if isinstance(outcome, Lost) else outcome
        for task, outcome in in_order(workers, make, tasks)
    }
    names = Copies()
    for source in checked.sources:
        made = outcomes.get(source.name) or Made(reason=barred[source.name])
        if not made.sent_up:
            yield Finished(source.name, made, due=not _answered(tables[source.name]))
            continue
        row = rows[source.name]
        place = names.name(row["unit_code"], row["unit"], source.name, marked=True, extension=made.extension)
        sent_up = _write(out / SENT_UP / place, made.sent_up)
        published = _write(out / PUBLISHED / place, made.published) if made.published else None
        yield Finished(source.name, made, sent_up, published, row["sha256"])


def _sheets(returns: pd.DataFrame, checked: _Checked) -> dict[str, Sheet]:
    """What is printed with the tables of a file, by their sheets."""
    totals = checked.totals.set_index("return_id")
    sheets: dict[str, Sheet] = {}
    for row in records(returns[returns["form"].notna()]):
        form = checked.catalogue.known(row["form"], row["edition"])
        total = _total(totals.loc[row["return_id"]]) if row["return_id"] in totals.index else ""
        sheet = Sheet(row["layout"] == "issued", row["unit"], row["year"], total, form is not None and signed(form))
        sheets.setdefault(str(row["sheet"]), sheet)
    return sheets


def _total(totals: pd.Series[Any]) -> str:
    """`自评得分合计：86.6分`, where the form does not print it."""
    if pd.isna(totals["self_total"]) or pd.notna(totals["stated_total"]):
        return ""
    return f"自评得分合计：{figure_text(totals['self_total'], 'points')}"


def _write(place: Path, data: bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


def _barred(returns: pd.DataFrame, checked: _Checked) -> str:
    """Why a file is not to be finished; empty where it is. `returns`: its tables."""
    if not returns["form"].notna().any():
        reason = returns["reason"].dropna()
        return f"没有可以定稿的表（{reason.iloc[0] if len(reason) else returns['status'].iloc[0]}）"
    tables = returns[returns["form"].notna() & ~_spare(returns)]
    if len(uncounted := tables[tables["status"] != _COUNTS]):
        row = records(uncounted.head(1))[0]
        gone = f"（{row['reason']}）" if row["reason"] else ""
        return f"{sheet_in_words(row['sheet'])}的状态是“{row['status']}”{gone}，不是已收的表"
    if len(sent_back := _of_file(checked.sent_back, returns)):
        return f"审核意见是“{SENT_BACK}”，等单位改好再报{_few(sent_back)}"
    if len(wrong := _of_file(checked.wrong, returns)):
        return f"还有 {len(wrong)} 条“强制性·不符”或打印不出的数没有改正{_few(wrong)}"
    if len(held := checked.held[checked.held["file"] == returns["file"].iloc[0]]):
        reasons = "；".join(f"{sheet_in_words(row['sheet'])}{row['state']}（{row['why']}）" for row in records(held))
        return f"还没有通过：{reasons}"
    return ""


def _spare(returns: pd.DataFrame) -> pd.Series[bool]:
    """Blank tables that are not required."""
    spare: pd.Series[bool] = returns["status"].eq(_REPLACED) & returns["reason"].fillna("").str.startswith(BLANK)
    return spare


def _answered(returns: pd.DataFrame) -> bool:
    """Whether other files have replaced every table of the file."""
    tables = returns.loc[returns["form"].notna(), "status"]
    return len(tables) > 0 and bool(tables.isin(_GONE).all())


def _of_file(findings: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """The findings on a file, and those on its units as a whole."""
    of_units = findings["file"].isna() & findings["unit"].isin(set(returns["unit"].dropna()))
    of_file: pd.DataFrame = findings[(findings["file"] == returns["file"].iloc[0]) | of_units]
    return of_file


def _few(findings: pd.DataFrame) -> str:
    few = "".join(f"\n    {row['rule']} {row['message']}" for row in records(findings.head(_FEW)))
    return few + ("\n    ……" if len(findings) > _FEW else "")


# ---- one file; runs in a worker ----


def make(task: Task) -> Made:
    """Both editions of a file. What cannot be made is said, never raised."""
    try:
        data = contents(task.source.path)
        if hashlib.sha256(data).hexdigest() != task.sha256:
            return Made(reason="文件在核对以后有改动")
        if data.startswith(SIGN):
            return Made(reason=_OF_PAGES)
        returns, values = read_again(task.source, task.catalogue, task.year)
        cells = unsettled(returns, values, task.catalogue)
        if cells:
            return Made(
                reason=f"有 {len(cells)} 个格子应是数字而没有结果（{'、'.join(cells[:_FEW])}），请打开、保存后再做"
            )
        number = check_number(returns, values, task.catalogue)
        if is_document(data):
            return Made(number, _as_received(data, task, number), public_reason=_OF_DOCUMENTS, extension=".docx")
        tables = {str(row["sheet"]): row["layout"] == "issued" for row in records(returns) if row["form"] is not None}
        identity = identity_of(data)
        spare = [] if identity is None else [entry for entry in identity.sheets if entry.sheet not in tables]
        printed = {name: task.sheets.get(name, Sheet(as_issued)) for name, as_issued in tables.items()}
        aside = {*(entry.sheet for entry in spare), *_HELPERS}
        sent_up = finished(data, number, printed, aside, task.catalogue)
        _require_number(sent_up, task, number)
    except (CannotMark, Refused) as error:
        return Made(reason=_reason(error))
    try:
        personal, texts = personal_cells(returns, values, task.catalogue)
        for entry in spare:
            personal[entry.sheet] = issued_personal(entry, identity.year if identity is not None else 0, task.catalogue)
        published = public(sent_up, personal, texts, {*printed, *aside, IDENTITY_SHEET})
        _require_number(published, task, number)
    except (CannotMark, Refused) as error:
        return Made(number, sent_up, public_reason=_reason(error))
    return Made(number, sent_up, published)


def _as_received(document: bytes, task: Task, number: str) -> bytes:
    """A document as its unit has sent it, without our marks of an earlier round."""
    try:
        clean = unmarked_document(document) or document
    except CannotMark:
        return document
    _require_number(clean, task, number)
    return clean


def read_again(source: Source, catalogue: Catalogue, year: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of one file, with all their values. Raises Refused."""
    reading = read_return(source.path, source.name, catalogue, forms=units_forms(catalogue))
    if reading.refused is not None:
        raise Refused("无法读取", reading.refused)
    batch = assemble([reading], None, year)
    return batch.returns, batch.values


def _require_number(data: bytes, task: Task, number: str) -> None:
    """What was made is read like any file: its figures must be the same."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "made.xlsx"
        place.write_bytes(data)
        again = read_again(Source(place, task.source.name), task.catalogue, task.year)
        if check_number(*again, task.catalogue) != number:
            raise CannotMark("做出的文件与原文件的数字不一致")


def verify(files: Sequence[Place], catalogue: Catalogue, year: int | None, workers: Workers) -> Iterator[Verified]:
    """The 校验数 of every file as it is now."""
    below = inbox(files)
    for task, done in in_order(workers, look, [Task(source, catalogue, "", year) for source in below.sources]):
        yield Verified(task.source.name, reason=f"程序中断（{done}）") if isinstance(done, Lost) else done
    yield from (Verified(unseen.name, reason=unseen.why) for unseen in below.unseen)


def look(task: Task) -> Verified:
    """The 校验数 of one file; runs in a worker."""
    name = task.source.name
    try:
        returns, values = read_again(task.source, task.catalogue, task.year)
        number = check_number(returns, values, task.catalogue)
        if not number:
            return Verified(name, reason="没有认出表样里的表")
        if cells := unsettled(returns, values, task.catalogue):
            return Verified(name, reason=_unsettled(cells))
    except Refused as error:
        return Verified(name, reason=_reason(error))
    try:
        return Verified(name, number, printed_numbers(contents(task.source.path)))
    except (CannotMark, Refused):
        return Verified(name, number, {})  # .xls and .ods have figures, and footers that are not looked at


def _unsettled(cells: list[str]) -> str:
    return f"有 {len(cells)} 个格子应是数字而没有结果（{'、'.join(cells[:_FEW])}）"


def _reason(error: CannotMark | Refused) -> str:
    return str(getattr(error, "reason", error)).rstrip("。")
