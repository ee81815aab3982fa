"""Words that tell whether more or less of an indicator is better, where its target has no sign."""

from __future__ import annotations

TIMELY = "时效"
# A name that speaks of handling or saving wants more of it, whatever else it names: 投诉办结率, 成本节约率.
GOOD = tuple(
    "节约 节省 节支 处理 办结 办理 回复 受理 解决 化解 纠正 整改 达标 满意 完成 合格 及时 降低率 下降率 减少率 "
    "控制率 覆盖 公开".split()
)
# Spans of time of which more is better.
LASTING = ("时长", "天数", "开放", "开馆", "服务时间", "值班", "培训", "学时", "课时", "保障")
# Names that may well want less though none of the settled words stands in them.
BAD = tuple(
    "事故 违规 违纪 逾期 超时 超支 损耗 损失 能耗 排放 死亡 发病 流失 误差 信访 上访 纠纷 隐患 拖欠 时间 周期 "
    "用时 耗时".split()
)
