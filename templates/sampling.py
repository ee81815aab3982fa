"""抽查复核: the words that the list of drawn tables and the reader of the filled one share."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from gouji.templates.exact import plain

SAMPLE_SHEET, FACTS_SHEET = "抽查复核", "抽样说明"
RATES_SHEET, COMPARED_SHEET = "偏差率", "自评与复核对照"
SCORE_HEAD, OWN_HEAD = "复核得分", "自评得分"
TOLD_HEADS = ("单位编码", "单位", "表", "项目", OWN_HEAD)
"""What the reader needs of a row."""
WRITTEN_HEADS = (SCORE_HEAD, "复核人", "日期", "说明")
TABLE_HEAD, SEAL_HEAD = "表编号", "校验"
"""Hidden: which table a row is, and the mark of its self-score."""
BY, SEED, COUNT, SIZE, POPULATION = "抽取方法", "种子", "抽取个数", "总体张数", "总体校验值"
"""Names on 抽样说明 of what the list can be drawn again from."""
_SIGNS = 16


def row_seal(return_id: str, own: Decimal) -> str:
    """The mark of a table and its self-score: whether somebody has changed the figure since it was drawn."""
    return hashlib.sha256(f"{return_id}\n{plain(own)}".encode()).hexdigest()[:_SIGNS]
