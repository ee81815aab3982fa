"""What a run found then and what it finds again: the data frames, row by row and cell by cell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException

from gouji.archiving.manifest import ArchiveError
from gouji.export.data_files import data_file
from gouji.export.tables import file_hash

FRAMES = {
    "returns": ("收表明细", ["return_id"]),
    "values": ("数值", ["return_id", "item"]),
    "verdicts": ("核对结论", ["return_id", "rule", "item"]),
    "findings": ("问题", ["finding_id"]),
    "asides": ("留意事项", ["finding_id"]),
    "scores": ("指标得分", ["return_id", "indicator"]),
    "totals": ("总分", ["return_id"]),
    "decisions": ("审核意见", ["finding_id"]),
}
"""What is compared: name → what it is called, and what tells its rows apart."""
_FEW = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two states of one frame: counts, and the first few rows by their keys.

    `reason`: why the frame could not be compared. `columns`: the columns in which `changed` rows differ.
    """

    name: str
    called: str
    rows: int
    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def equal(self) -> bool:
        """Whether there is none."""
        return not (self.gone or self.new or self.changed or self.reason)

    def __str__(self) -> str:
        begun = f"{self.called}（{self.name}）："
        if self.reason:
            return f"{begun}{self.reason}"
        if self.equal:
            return f"{begun}{self.rows} 行，相同"
        parts = [
            _change_text("只在归档里的", self.gone),
            _change_text("只在重算里的", self.new),
            _change_text("内容不同的", self.changed, f"，不同的列：{'、'.join(self.columns)}"),
        ]
        return f"{begun}归档 {self.rows} 行，不同：{'；'.join(filter(None, parts))}"


def compared(archived: Path, rerun: Path, aside: Collection[str] = ()) -> list[Difference]:
    """Every frame below two folders of results; rows of the files `aside` are left out.

    Raises ArchiveError for an archived frame that is none.
    """
    left_out = _of_files(archived, aside) | _of_files(rerun, aside)
    return [_frame(name, data_file(archived, name), data_file(rerun, name), left_out, aside) for name in FRAMES]


def _frame(name: str, archived: Path, rerun: Path, returns: set[str], files: Collection[str]) -> Difference:
    called, keys = FRAMES[name]
    if not archived.exists():
        return Difference(name, called, 0, reason="归档里没有，无法比较")
    if not files and file_hash(archived) == file_hash(rerun):
        return Difference(name, called, len(_read(archived)))
    before, after = (_without(_read(path), returns, files) for path in (archived, rerun))
    return _difference(name, called, _keyed(before, keys), _keyed(after, keys))


def _difference(name: str, called: str, before: pd.DataFrame, after: pd.DataFrame) -> Difference:
    gone, new = before.index.difference(after.index, sort=False), after.index.difference(before.index, sort=False)
    shared = before.index.intersection(after.index, sort=False)
    columns = [column for column in before.columns if column in after.columns]
    lost = [column for column in before.columns if column not in after.columns]
    archived, rerun = before.loc[shared, columns], after.loc[shared, columns]
    unlike = pd.DataFrame({column: _unlike(archived[column], rerun[column]) for column in columns}, index=shared)
    rows = shared[unlike.any(axis=1).to_numpy()] if columns else shared[:0]
    if lost:  # a column that is no longer there is a difference in every row
        rows = shared
    differing = [column for column in columns if unlike[column].any()] + lost
    return Difference(name, called, len(before), _ids(gone), _ids(new), _ids(rows), differing)


def _unlike(archived: pd.Series, rerun: pd.Series) -> pd.Series:
    """Where two columns differ; nulls are alike, figures are compared exactly."""
    differs = _plain(archived).to_numpy() != _plain(rerun).to_numpy()
    return pd.Series(differs, index=archived.index)


def _plain(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), None)


def _keyed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows by their key columns, numbered where several have the same keys."""
    names = frame[keys].astype(str)
    again = names.groupby(keys, sort=False).cumcount()
    index = pd.MultiIndex.from_arrays([*(names[key] for key in keys), again], names=[*keys, "again"])
    return frame.set_index(index)


def _ids(index: pd.Index) -> list[str]:
    return ["／".join(str(part) for part in row[:-1]) for row in index]


def _without(frame: pd.DataFrame, returns: set[str], files: Collection[str]) -> pd.DataFrame:
    kept = pd.Series(True, index=frame.index)
    if "return_id" in frame:
        kept &= ~frame["return_id"].isin(returns)
    if "file" in frame:
        kept &= ~frame["file"].isin(list(files))
    return frame[kept].reset_index(drop=True)


def _of_files(out: Path, files: Collection[str]) -> set[str]:
    path = data_file(out, "returns")
    if not files or not path.exists():
        return set()
    returns = _read(path)
    return set(returns.loc[returns["file"].isin(list(files)), "return_id"])


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, engine="pyarrow")
    except (ArrowException, ValueError, TypeError) as error:
        raise ArchiveError(f"归档里的 {path.name} 无法读取，不能比较。") from error


def _change_text(change: str, ids: list[str], suffix: str = "") -> str:
    if not ids:
        return ""
    return f"{change} {len(ids)} 行（{'、'.join(ids[:_FEW])}{'……' if len(ids) > _FEW else ''}{suffix}）"
