"""The words around the quantity of 年度指标值 and 实际完成值: limits, changes, what was done, multiples of ten.

As text without white space in NFKC, as `ingest.cleaning.squeeze` leaves it.
"""

from __future__ import annotations

from decimal import Decimal

LIMITS_BEFORE = {
    "≥": "≥", "≧": "≥", "⩾": "≥", "≮": "≥", ">=": "≥", "=>": "≥", "大于等于": "≥", "大于或等于": "≥", "高于或等于": "≥",
    "不低于": "≥", "不少于": "≥", "不小于": "≥", "不得低于": "≥", "不得少于": "≥", "不得小于": "≥", "不能低于": "≥",
    "不能少于": "≥", "未低于": "≥", "未少于": "≥", "至少": "≥", "最少": "≥", "最低": "≥",
    "≤": "≤", "≦": "≤", "⩽": "≤", "≯": "≤", "<=": "≤", "=<": "≤", "小于等于": "≤", "小于或等于": "≤", "低于或等于": "≤",
    "不超过": "≤", "不超出": "≤", "不高于": "≤", "不多于": "≤", "不大于": "≤", "不得超过": "≤", "不得超出": "≤",
    "不得高于": "≤", "不得多于": "≤", "不得大于": "≤", "不能超过": "≤", "不能高于": "≤", "未超过": "≤", "未超出": "≤",
    "没有超过": "≤", "未高于": "≤", "至多": "≤", "最多": "≤", "最高": "≤",
    ">": ">", "大于": ">", "高于": ">", "多于": ">", "超过": ">", "超出": ">",
    "<": "<", "小于": "<", "低于": "<", "少于": "<", "不足": "<", "不到": "<", "=": "", "等于": "",
}  # fmt: skip
"""In front of the quantity → the sign that it stands for."""
SIGN_HEADS = ("指标性质", "性质", "指标方向", "指标属性", "指标符号", "符号", "运算符", "运算符号", "计算符号")
UNIT_HEADS = ("度量单位", "计量单位", "指标单位", "指标值单位", "计算单位", "单位")
"""Heads of columns beside a target that say its sign and the unit of target and actual."""
DIRECTIONS = {"正向": "≥", "正向指标": "≥", "反向": "≤", "反向指标": "≤", "逆向": "≤", "逆向指标": "≤"}
"""What a column of signs says in words; any other sign is one of those in front of a quantity."""
LIMITS_AFTER = {
    "及以上": "≥", "或以上": "≥", "(含)以上": "≥", "以上(含)": "≥", "以上": "≥",
    "及以下": "≤", "或以下": "≤", "(含)以下": "≤", "以下(含)": "≤", "以下": "≤",
    "(含)以内": "≤", "以内(含)": "≤", "以内": "≤", "之内": "≤", "范围内": "≤", "内": "≤",
}  # fmt: skip
"""Behind the quantity → the sign that it stands for."""

RISING = ("提升", "提高", "增长", "增加", "上升", "升高", "上涨")
FALLING = ("下降", "降低", "减少", "压减", "缩减", "压缩", "节约", "节省")
RISEN, FALLEN = ("增幅", "增速", "增长幅度", "提升幅度"), ("降幅", "下降幅度", "减少幅度")
"""Names of a change, behind which 达到 or 为 says nothing more."""
LEVEL = ("到", "至")
"""Behind a change: what follows is the level that was reached, not the change."""
YEAR_ON_YEAR = ("同比", "较上年同期", "比上年同期", "较上年", "比上年", "较上年度", "较去年", "比去年", "与上年相比")
HELD = "控制在"
"""In front of a level that is not to be passed."""

ALREADY = ("已经", "已", "均", "共计", "共", "合计", "累计", "总计", "实际", "全年", "年内")
DONE = ("完成了", "完成", "达到了", "达到", "达", "实现了", "实现", "为", ":")
"""In front of a quantity, these say that it is what was done."""
DONE_BEHIND = ("已完成", "完成", "已达标", "达标", "合格", "到位", "覆盖", "满意", "办结", "通过")
"""Behind a percentage; 完成 also behind a count."""
SHARES_OF = ("率", "满意度", "进度", "占比", "比例", "比重")
"""What the name of a share ends in: 合格率95%."""

MULTIPLES = {
    "万亿": 12,
    "千亿": 11,
    "百亿": 10,
    "十亿": 9,
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "万": 4,
    "千": 3,
    "百": 2,
}
"""Multiples that belong to the figure: 1万 is 10000; powers of ten."""

DETAILS = ("含", "其中", "包括", "包含", "详见", "见")
"""What a remark in brackets begins with that only takes the figure in front of it apart: 3个（含续建1个）."""
NO_DETAILS = "未不无没非缺停待拟另在正预"
"""Signs of a remark that makes the figure doubtful: 2个（含在建1个）."""

PERCENT_OF = "百分之"
ORDINALS = frozenset("年 月 日 号 季度 级 等 类 届 班 组 部 节 度 轮 所 把 周 支 本 位 条 头 种 片 口".split())
"""Behind a Chinese numeral these make a rank or a phrase more often than a count: 三季度, 三类, 一把."""
PHASES, LAST_PHASE = ("期", "批"), 5
"""一批 is some, 三期 may be the third phase; 两期 and 十二期 are counts."""

FIGURES_IN_NAMES = (
    "热线",
    "平台",
    "专线",
    "电话",
    "工程",
    "规划",
    "行动",
    "计划",
    "政策",
    "G(?![A-Za-z])",
    "A(?![A-Za-z])",
)
"""Behind a figure these make a name of it: 12345热线, 5G, 4A级景区; patterns."""
IN_TIME = ("按时", "及时", "按期", "如期", "准时", "提前")
"""A date to finish by is answered by these."""

ABOUT_WITHIN = Decimal("0.05")
"""How far 约50场 and 85%左右 may be from the figure, as a share of it."""
