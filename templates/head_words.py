"""The words under which the head of a table names its unit, its department, its project and its year."""

from __future__ import annotations

HEAD_WORDS: dict[str, tuple[str, ...]] = {
    "unit": (
        "填报单位", "填报部门", "单位名称", "部门单位名称", "单位部门名称", "部门名称", "部门单位", "预算单位名称",
        "预算部门单位名称", "预算部门名称", "预算单位", "预算部门", "编制单位", "编报单位", "报送单位", "上报单位",
        "申报单位", "自评单位", "自评部门", "评价单位", "被评价单位", "被评价部门", "资金使用单位", "用款单位",
        "项目单位", "项目单位名称", "项目实施单位", "项目承担单位", "项目执行单位", "实施单位", "实施单位名称",
        "执行单位", "单位",
    ),
    "department": (
        "主管部门", "主管单位", "项目主管部门", "预算主管部门", "主管预算部门", "主管部门名称", "上级主管部门",
        "一级主管部门", "一级预算单位", "一级预算部门", "归口部门", "归口管理部门",
    ),
    "instance": (
        "项目支出名称", "项目名称", "专项资金名称", "专项名称", "专项项目名称", "项目专项名称", "项目资金名称",
        "支出项目名称",
    ),
    "code": (
        "单位编码", "单位代码", "预算编码", "预算代码", "预算单位编码", "预算单位代码", "单位预算编码",
        "单位预算代码", "部门编码", "部门代码", "部门预算编码", "部门单位编码",
    ),
    "year": (
        "年度", "预算年度", "评价年度", "填报年度", "报告年度", "自评年度", "绩效年度", "所属年度", "项目年度",
    ),
}  # fmt: skip
"""Role → labels without punctuation, those that tell best first. 实施单位 may be a section of the unit."""

LEVELS = ("省级", "省直", "市级", "市直", "州级", "州直", "县级", "县直", "区级", "区直", "镇级", "乡级", "乡镇")
"""What may stand before a label: 县级主管部门."""

SECTIONS = ("股", "股室", "科", "科室", "室", "处", "部", "中心", "办", "办公室", "站", "所", "队", "大队", "组")
"""How the names of sections end that have no budget of their own, if the roster does not list them."""

SELF = ("本单位", "本部门", "本局", "我单位", "我局", "机关", "局机关", "本级", "局本级", "机关本级")
"""What a unit calls itself where its name is asked for."""
