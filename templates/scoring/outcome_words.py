"""Words that tell whether a 定性 target was reached: what was done, that it was not, and what comes between."""

from __future__ import annotations

REACHED = ("达成", "全部达成", "基本达成", "全部或基本达成", "已达成", "超额完成")
PARTLY, MISSED = "部分达成", "未达成"
"""How the form itself words its bands."""

DONE = tuple(
    "完成 达成 达标 达到 达 合格 及格 落实 实现 开展 建成 建立 建设 竣工 验收 通过 到位 实施 执行 启动 开工 发放 拨付 "
    "支付 兑现 公开 公示 办理 办结 整改 解决 及时 按时 按期 如期 准时 足额 满意 优良 良好 明显 显著 有效 齐全 规范 "
    "健全 改善 改进 增强 覆盖 全覆盖 符合 符合要求".split()
)
"""What a target may ask for, which 未 or 不 in front turns into the contrary."""
NOT = ("尚未", "还未", "仍未", "未能", "没能", "没有", "未", "没", "不能", "无法", "不够", "不太", "不")
SOMEHOW = (
    "全部",
    "完全",
    "全面",
    "按时",
    "按期",
    "如期",
    "及时",
    "有效",
    "明显",
    "按要求",
    "按计划",
    "得到",
    "予以",
    "能够",
    "全",
    "都",
    "能",
    "被",
    "予",
    "再",
)
"""What may stand between 未 and the verb."""
ALSO = (
    "目标",
    "任务",
    "要求",
    "标准",
    "指标",
    "指标值",
    "预期",
    "预期目标",
    "年度目标",
    "绩效目标",
    "计划",
    "了",
    "的",
)
"""What may stand behind the verb."""
PARTS = ("绝大部分", "大部分", "小部分", "少部分", "部分")
ALL = ("全部", "全覆盖", "全面", "全额", "全数", "所有", "百分之百", "100%")
LATE = tuple("逾期 延期 延误 延迟 推迟 滞后 超期 超时 拖延 迟缓".split())
TIMELY = tuple("及时 按时 按期 如期 准时 时限 期限 不逾期".split())
UNCHANGED = ("持平", "不变", "无变化", "没有变化", "未变化", "未变", "无明显变化")
NEGATIVE = "未不无没零非禁杜防免否控遏抑限"
"""A target with one of these may be reached by something that is not done (不发生事故, 控制增长)."""
OPPOSITES = (("是", "否"), ("√", "×"), ("对", "错"), ("有", "没有"), ("达标", "不达标"), ("完成", "未完成"))
TENDING = tuple("增强 扩大 扩展 拓展 加快 加强 减轻 缓解 优化 递增 递减 增收 增产 增效 节能".split())
"""Beside 提升, 下降 …: a percentage may be by how much, not how much of it was done."""
OWN_SHARES = tuple("成本 费用 支出 投诉 差错 占 比 度".split())
"""In a name: a percentage may be the indicator's own value (满意度, 占用, 成本比)."""
GRADES = (
    ("优秀", "优", "优等"),
    ("良好", "良", "优良"),
    ("合格", "及格", "中", "中等", "一般"),
    ("不合格", "不及格", "差", "较差"),
)
"""From the best down; each with its other names."""
