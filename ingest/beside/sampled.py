"""A filled list of 抽查复核 read back: the score that the auditor gave every drawn table, blank where there is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

from python_calamine import CalamineSheet

from gouji.ingest.admit import admit, read_bytes
from gouji.ingest.beside.review import cell_text
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.exact import figure
from gouji.templates.sampling import (
    FACTS_SHEET,
    OWN_HEAD,
    SAMPLE_SHEET,
    SCORE_HEAD,
    SEAL_HEAD,
    TABLE_HEAD,
    TOLD_HEADS,
    WRITTEN_HEADS,
    row_seal,
)

_HEADS_WITHIN = 12
_MOST_ROWS = 200_000
_HEADS = (*TOLD_HEADS, *WRITTEN_HEADS, TABLE_HEAD, SEAL_HEAD)
FULL = Decimal(100)


class SampledError(Exception):
    """A list of 抽查复核 cannot be read; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A drawn table: its unit, its self-score (None where the cell was destroyed), and the score of the reviewer (None:
    not reviewed yet, or unusable for the reason in `wrong`); `place`: its row in the list.
    """

    return_id: str
    unit_code: str
    unit: str
    form: str
    instance: str
    own: Decimal | None
    score: Decimal | None
    reviewer: str
    date: str
    remark: str
    place: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedSample:
    """`facts`: the entries of 抽样说明 (names of `templates.sampling`)."""

    rows: list[Reviewed]
    facts: dict[str, str]


def read_sampled(path: Path) -> ReviewedSample:
    """The rows of the list. Raises FileNotFoundError, SampledError."""
    path.stat()
    try:
        data = read_bytes(path, Limits())
        admit(data, path.name)
        with opened_quietly(data) as opened:
            names = opened.sheet_names
            rows = [row for name in names for row in _rows(opened.get_sheet_by_name(name))]
            facts = _facts(opened.get_sheet_by_name(FACTS_SHEET)) if FACTS_SHEET in names else {}
    except Refused as refused:
        raise SampledError(f"“{path}”无法读取：{refused.reason}") from refused
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        raise SampledError(f"“{path}”无法读取，文件可能已损坏，请打开检查、另存后再试。") from error
    if not rows:
        raise SampledError(
            f"“{path}”里没有{SAMPLE_SHEET}的表，或缺少“{SCORE_HEAD}”“{TABLE_HEAD}”等栏（有的是隐藏的列），"
            "请用 gouji sample 写出的文件。"
        )
    return ReviewedSample(_each_once(rows), facts)


def _rows(sheet: CalamineSheet) -> Iterator[Reviewed]:
    lines = enumerate(sheet.iter_rows())
    places: dict[str, int] = {}
    for _, line in islice(lines, _HEADS_WITHIN):
        places = {cell_text(head): place for place, head in enumerate(line)}
        if places.keys() >= set(_HEADS):
            break
    else:
        return
    for at, line in islice(lines, _MOST_ROWS):
        texts = {head: cell_text(line[places[head]]) for head in _HEADS}
        if texts[TABLE_HEAD] or texts[SCORE_HEAD]:
            yield _row(texts, f"{sheet.name}第{at + 1}行")


def _row(texts: dict[str, str], place: str) -> Reviewed:
    self_score = figure(texts[OWN_HEAD])
    score, wrong = _score(texts[SCORE_HEAD])
    if self_score is None or row_seal(texts[TABLE_HEAD], self_score) != texts[SEAL_HEAD]:
        wrong = f"“{OWN_HEAD}”或隐藏的“{TABLE_HEAD}”在抽样以后被改过"
    code, unit, form, instance, _ = (texts[head] for head in TOLD_HEADS)
    _, reviewer, date, remark = (texts[head] for head in WRITTEN_HEADS)
    return Reviewed(
        texts[TABLE_HEAD], code, unit, form, instance, self_score, None if wrong else score, reviewer, date, remark,
        place, wrong,
    )  # fmt: skip


def _score(text: str) -> tuple[Decimal | None, str]:
    """A score of 0 to 100, also `85分` and full-width; a blank cell has none, any further text is unusable."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("分")
    if not plain:
        return None, ""
    score = figure(plain)
    if score is None:
        return None, f"“{SCORE_HEAD}”填的“{text}”不是数"
    if not 0 <= score <= FULL:
        return None, f"“{SCORE_HEAD}”填的 {text} 不在 0 到 {FULL} 之间"
    return score, ""


def _each_once(rows: Sequence[Reviewed]) -> list[Reviewed]:
    """Each table once; a table listed twice with different scores has no score."""
    by_return: dict[str, Reviewed] = {}
    for row in rows:
        before = by_return.get(row.return_id)
        if before is None or before.score == row.score:
            by_return[row.return_id] = before or row
            continue
        if before.score is not None and row.score is not None:
            wrong = f"这张表列了两次（另一处是{before.place}），复核得分不同"
            by_return[row.return_id] = replace(row, score=None, wrong=wrong)
        elif before.score is None and not before.wrong:
            by_return[row.return_id] = row
    return list(by_return.values())


def _facts(sheet: CalamineSheet) -> dict[str, str]:
    rows = ([cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), 200))
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0]}
