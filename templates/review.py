"""审核: the words that 问题清单 and the reader of its decisions share."""

from __future__ import annotations

FINDINGS_SHEET, FILES_SHEET = "问题清单", "收表明细"
OPINIONS = (SENT_BACK, ACCEPTED, REJECTED, MISJUDGED) = ("退回修改", "说明采纳", "不予采纳", "规则误判")
"""审核意见: sent back, the unit's explanation accepted, not accepted, the rule itself was wrong."""

ID_HEAD, SEAL_HEAD = "问题编号", "校验"
"""Hidden columns: the finding's id, and what its row was when it was written (`validate.review.seal`)."""
WRITTEN_HEADS = ("单位说明", "审核意见", "审核人", "复核人", "日期", "备注")
"""The columns that people write in; whatever else they change is not taken up."""
OPINION_HEAD, DATE_HEAD = "审核意见", "日期"
TOLD_HEADS = ("严重程度", "结论", "单位", "表", "项目", "工作表", "单元格", "填报数", "应为", "说明", "规则", "文件")
"""The columns of text that are ours: a change in one of them is reported."""

TABLE_HEAD, ADOPTED_HEAD = "表编号", "采用"
"""On 收表明细: which table of which contents a row is about (hidden), and whether it counts."""
ADOPTED_TOLD_HEADS = ("单位", "表", "项目", "文件", "工作表")
YES, NO = "是", "否"

WORDINGS_SHEET, WORDING_HEAD, ANSWER_HEAD = "表样对照", "对照编号", "确定（是／否／标签）"
"""On 表样对照: which label a row asks about (hidden), and what people say that it is."""
WORDING_TOLD_HEADS = ("表", "版本", "表上的标签", "本次读作")

PAPER_SHEETS = ("底稿", "所用数据", "勾稽核对", "得分复算", "问题和意见")
"""The sheets of a unit's 底稿."""

VERSIONS_SHEET = "版本与依据"
LOG_GROUP, LOG_ENTRIES, LOG_END = "审核记录", "条数", "末条校验值"
"""On 版本与依据: where 审核记录 ended when the workbook was written."""
