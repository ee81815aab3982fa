"""The units that figures in these forms carry."""

from __future__ import annotations

import re

# Money as powers of ten of 万元.
MONEY = {"元": -4, "百元": -2, "千元": -1, "万元": 0, "十万元": 1, "百万元": 2, "千万元": 3, "亿元": 4}
# Shares as powers of ten of one. A doubled %% is a slip of the finger for %.
SHARES = {"%": -2, "%%": -2, "‰": -3}
PEOPLE_AND_THINGS = frozenset(
    "个 人 名 位 项 次 件 台 套 辆 家 户 场 批 期 篇 条 份 处 所 座 栋 间 村 部 本 册 张 把 只 头 株 棵 "
    "种 类 组 班 幅 块 片 根 支 门 节 例 宗 起 轮 届 "
    "人次 人数 场次 批次 车次 班次 件次 户次 团组 社区 课时 学时".split()
)
LESS_USUAL = frozenset("盏 口 眼 艘 架 枚 箱 袋 瓶 桶 款 集 讲 尾 羽 匹 例次 床位 标段 点位 倍".split())
"""More of them, which the 自查 leaves to gouji."""
TIMES = frozenset("天 工作日 周 个月 季度 年 小时 分钟 秒".split())
MEASURED = frozenset(
    "㎡ m³ m km cm mm 米 公里 千米 亩 公顷 平方公里 吨 公斤 千克 克 升 千瓦 千瓦时 度 分贝 t kg g "
    "K M G T KB MB GB TB Mbps Gbps 兆".split()
)
SIZES = {
    "秒": ("时间", 1),
    "分钟": ("时间", 60),
    "小时": ("时间", 3600),
    "个月": ("月", 1),
    "季度": ("月", 3),
    "年": ("月", 12),
    "mm": ("长度", 1),
    "cm": ("长度", 10),
    "米": ("长度", 1000),
    "m": ("长度", 1000),
    "公里": ("长度", 10**6),
    "千米": ("长度", 10**6),
    "km": ("长度", 10**6),
    "㎡": ("面积", 3),
    "亩": ("面积", 2000),
    "公顷": ("面积", 30_000),
    "平方公里": ("面积", 3_000_000),
    "克": ("质量", 1),
    "g": ("质量", 1),
    "公斤": ("质量", 1000),
    "千克": ("质量", 1000),
    "kg": ("质量", 1000),
    "吨": ("质量", 10**6),
    "t": ("质量", 10**6),
}
"""What a unit measures, and its size among those that measure the same; 15 亩 are one 公顷."""
_SPELLINGS = {
    "m²": "㎡", "平方米": "㎡", "平米": "㎡", "立方米": "m³",
    "%%": "%", "个工作日": "工作日", "个小时": "小时", "个人": "人", "个村": "村", "人数": "人", "台/套": "台(套)",
}  # fmt: skip


def raised(text: str) -> str:
    """A typed m2 or m3 at the end, with its power raised, so that the 2 is not taken for a figure."""
    return re.sub(r"(?<=[\d /·])[mM]([23])$", lambda found: "m" + "²³"[int(found[1]) - 2], text, flags=re.ASCII)


def spelling(unit: str) -> str:
    """One spelling for units that are the same: 平方米 and m² are ㎡."""
    return _SPELLINGS.get(unit, unit)


PLAIN = tuple(
    sorted(
        unit
        for unit in (*PEOPLE_AND_THINGS, *TIMES, *MONEY, *MEASURED, "分", "%")
        if unit != "年" and (unit == "%" or not unit.isascii())
    )
)
"""Units that a formula can tell by their letters alone; 年 may be a date, and case makes a difference in others."""
