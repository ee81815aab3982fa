"""The common rules: what reading, completeness and the batch as a whole may find, for every form alike.

Codes are stable. Each has its name, layer, default severity, basis and the sentence that a finding shows. What only the
bureau can do stands at the end of a sentence: （财政部门：…）; units are not told it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gouji.templates.rules.bounds import MOST, NOT_NEGATIVE, PART, WHOLE, WORDS

BASIS = "审核规范"


@dataclass(frozen=True, slots=True)
class CommonRule:
    code: str
    name: str
    layer: str
    severity: str
    sentence: str


_BOUNDS = {NOT_NEGATIVE: "不能为负数", WHOLE: "应为整数", PART: "部分大于总数", MOST: "超过最高值"}
_RULES = [
    CommonRule("T-01", "必填项空白", "完整性", "强制性", "“{label}”是必填项，现在是空白，请填写。"),
    CommonRule("T-02", "整块空白", "完整性", "强制性", "“{label}”一块全部空白。如无此项请填 0，如有请填写实际数。"),
    CommonRule("T-03", "数字存为文本", "规范性", "提示", "有 {count} 个单元格里的数字是文本（{examples}）。{detail}，请改为只填数字，不带单位、空格和说明。"),
    CommonRule("T-04", "数字栏填了文字", "规范性", "强制性", "“{label}”应填数字，现为“{stated}”，无法识别，请只填数字。"),
    CommonRule("T-05", "错误值", "规范性", "强制性", "“{label}”显示错误值 {stated}，请检查公式或直接填写数字。"),
    CommonRule("T-06", "公式未计算", "规范性", "强制性", "“{label}”是公式但没有计算结果，请用 Excel 或 WPS 打开后重新保存。"),
    CommonRule("T-07", "表样被改动", "规范性", "核实性", "表样与下发的不一致：{detail}。请核对，以后请使用下发的原表填报。"),
    CommonRule("T-08", "年度不符", "规范性", "强制性", "表上的年度是 {stated}，本次应报 {expected} 年度，请核对是否报错了表。"),
    CommonRule("T-09", "有数字无名称的行", "完整性", "核实性", "这一行填了数字但没有填写名称，请补填。"),
    CommonRule("T-10", "完成值写成区间", "规范性", "提示", "实际完成值“{stated}”是一个范围，请填写实际完成的数值。"),
    CommonRule("T-11", "金额换算成万元", "规范性", "提示", "{reason}，本次按{stated}换算成万元读取（{examples}），请核对；以后请改填万元。"),
    CommonRule("T-12", "未纳入自查", "规范性", "提示", "工作表“{detail}”不是随本文件下发的（可能是复制出来的），已照常读取和核对，但没有纳入本文件的“自查”表。需要加表时请使用备用表。"),
    CommonRule("T-13", "公式被改动", "规范性", "提示", "有 {count} 个自动计算的格子已不是公式（{examples}）。本次按格子里的内容核对，请改用下发表里的公式。"),
    CommonRule("T-14", "填写限制被覆盖", "规范性", "提示", "有 {count} 个格子的填写限制被粘贴覆盖（{examples}）。本次按格子里的内容核对，以后粘贴时请用“选择性粘贴—数值”。"),
    CommonRule("T-15", "隐藏处有数据", "规范性", "提示", "有 {count} 个数字打开看不到（{examples}）：行、列或工作表被隐藏，或者单元格的数字格式、字体颜色使它不显示。本次已照常读取和核对，请显示出来后确认。"),
    CommonRule("T-16", "合并单元格下有数据", "规范性", "提示", "合并单元格下面压着 {count} 个格子的内容（{examples}），打开看不到，本次没有采用。请取消合并后删除。"),
    CommonRule("T-17", "显示的数与实际不同", "规范性", "强制性", "有 {count} 个数字显示和打印出来的与格子里存的不同（{examples}）：数字格式不显示负号，按千、万缩小显示，或者写着别的数。本次按格子里存的数读取和核对，请改用普通的数字格式，确认是哪个数。"),
    CommonRule("T-21", "公式与结果不符", "规范性", "强制性", "有 {count} 个公式格里存的结果与公式算出来的不同（{examples}）：文件没有重新计算，或者结果是另外写进去的。本次按格子里存的数读取和核对，请用 Excel 或 WPS 打开，按 F9 重新计算后保存，确认是哪个数。"),
    CommonRule("T-18", "指标值填成了日期或时间", "规范性", "核实性", "“{label}”现为日期或时间“{stated}”，多半是录入“1-2”“3/5”一类内容时被自动转换的，无法核对。请先把单元格格式设为“文本”，再重新录入指标值或完成值（例如“2021年3月5日前”“1至2次”）。"),
    CommonRule("T-19", "指标无法复算", "得分重算", "提示", "有 {count} 项指标的指标值或完成值里有数，但写法不同、不能断定是否达到，{unjudged}：{examples}。以后指标值和完成值请用同一单位各填一个数（日期写明年月日）。（财政部门：请核对这些指标的{asked}）"),
    CommonRule("T-30", "表上没有的内容", "规范性", "提示", "表上没有找到：{detail}，表样版本可能与本县的不同。这些内容不作空白处理：合计按表上有的各行能断定的已核对，其他用到它们的核对这次没有做。（财政部门：请核对表样版本）"),
    CommonRule("T-31", "标签按相近的读取", "规范性", "提示", "表上的标签与表样的写法不同，本次按相近的读取：{detail}。请核对是否同一内容。（财政部门：在汇总.xlsx“表样对照”中确定后，不再提示）"),
    CommonRule("T-32", "表样没有的行", "规范性", "提示", "表上有表样没有的行：{detail}。核对合计时已一并考虑，请核对表样版本。（财政部门：在汇总.xlsx“表样对照”中确定后，不再提示）"),
    CommonRule("T-33", "其中大于整体", "规范性", "核实性", "{parts}是{whole}的“其中”，现为 {stated}，大于{whole}的 {most}。部分不能大于整体，请核对后更正，或说明理由。"),
    CommonRule("T-34", "同一行出现两次", "规范性", "核实性", "{label}在表上有两行（{cells}）：不计第二行，各行之和为 {alone}，与{whole}的 {stated}相符；计入第二行，各行之和为 {expected}，相差 {gap}。请核对是否重复填报，更正或说明理由。"),
    CommonRule("K-02", "参照表的行找不到单位", "外部核对", "核实性", "参照表有 {count} 行在本次收到的表和名册里都没有对应的单位：{examples}。这些行没有用上，请核对单位名称和编码。"),
    CommonRule("K-03", "参照表的编码与名称矛盾", "外部核对", "核实性", "参照表这一行的单位名称是“{stated}”，编码 {detail} 却是“{expected}”的，请核对后更正，并重新核对这两个单位。"),
    *(CommonRule(code, name, "表内", "强制性", f"{WORDS[code]}。") for code, name in _BOUNDS.items()),
    CommonRule("T-20", "有数没有读取", "规范性", "核实性", "有 {count} 个数不在任何填报格内，没有读取（{examples}）。{detail}"),
    CommonRule("T-36", "与指标库不一致", "规范性", "提示", "有 {count} 项指标与指标库不一致：{detail}。请核对；确需这样写的，无须更正。"),
    CommonRule("R-01", "文件无法读取", "汇总", "强制性", "文件无法读取：{detail}"),
    CommonRule("R-02", "无法识别的表", "汇总", "强制性", "没有认出这张表：{detail}。请使用下发的原表填报。"),
    CommonRule("R-03", "缺报", "汇总", "强制性", "没有收到{unit}的“{detail}”，请尽快报送。{more}"),
    CommonRule("R-04", "重复报送", "汇总", "强制性", "{detail}。请说明以哪一份为准，未确定以前都不参与表间核对和汇总。（财政部门：在汇总.xlsx“收表明细”里，把要用的那个文件任一行的“采用”改为“是”，对它的各张表都有效）"),
    CommonRule("R-05", "重复文件", "汇总", "提示", "{detail}。相同的不重复计算。"),
    CommonRule("R-06", "名册外单位", "汇总", "强制性", "单位“{unit}”不在名册中，请核对单位名称，或补入名册。{detail}"),
    CommonRule("R-07", "空表", "汇总", "强制性", "收到了表，但没有填写任何数据，请填写后重新报送。"),
    CommonRule("R-08", "单位无法确定", "汇总", "强制性", "表内、文件名和名册都不能确定这份表是哪个单位的，请在表头填写单位名称。"),
    CommonRule("R-09", "文件已隔离", "汇总", "强制性", "读取这个文件时程序中断，已单独隔离，不影响其他文件：{detail}"),
    CommonRule("R-10", "文件有需留意之处", "汇总", "提示", "{detail}"),
    CommonRule("R-11", "身份不一致", "汇总", "强制性", "{detail}，不能确定是哪个单位的表，未确定前不算任何单位的，不参与表间核对和汇总。请核对后重新报送。（财政部门：也可以在汇总.xlsx“收表明细”的“采用”栏填写它是哪个单位的，填名册里的名称或编码；以表上填写的单位为准的，填“是”）"),
    CommonRule("R-12", "金额单位存疑", "汇总", "强制性", "{detail}。未确定前不参与表间核对和汇总，请核对后按万元重新报送；确认无误的，请说明。（财政部门：确认无误的，在汇总.xlsx“收表明细”的“采用”栏填“是”）"),
    CommonRule("R-13", "单位按推断归属", "汇总", "提示", "{detail}，请核对；以后请按名册填写单位全称。"),
    CommonRule("R-14", "未收录的表", "汇总", "核实性", "没有认出这张表：{detail}。如应报送，请改用下发的表样；如只是附件，请说明。"),
    CommonRule("R-15", "单位名称存疑", "汇总", "核实性", "{detail}。请核对是不是这个单位的表；以后请按名册填写单位全称。"),
    CommonRule("R-16", "压缩包或邮件没有打开", "汇总", "核实性", "{detail}。"),
    CommonRule("R-17", "没有替代原来的表", "汇总", "核实性", "{detail}"),
    CommonRule("R-18", "没有查看的文件或文件夹", "汇总", "核实性", "“{place}”{detail}。"),
    CommonRule("R-19", "采用新的一份", "汇总", "提示", "{detail}。（财政部门：要用另一份的，在汇总.xlsx“收表明细”里把它的“采用”改为“是”）"),
    CommonRule("R-20", "单位说明没有项目", "汇总", "提示", "单位在“填报说明”里选了“无”：本年度没有项目，自评表不算缺报。"),
    CommonRule("U-01", "推断：合计与各部分不一致", "表内", "核实性", "（推断）{which}没有表样定义，按标签看“{tie}”：表上是 {stated}，按各部分应为 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("U-02", "推断：比率与算式不一致", "表内", "核实性", "（推断）{which}没有表样定义，按标签看“{tie}”：表上是 {stated}，按算式应为 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("U-03", "推断：得分与分值不一致", "表内", "核实性", "（推断）{which}没有表样定义，按标签看“{tie}”：表上是 {stated}，另一边是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("U-04", "推断：执行数大于预算数", "表内", "核实性", "（推断）{which}没有表样定义，按标签看“{tie}”：表上是 {stated}，预算数是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("U-05", "推断：结余与算式不一致", "表内", "核实性", "（推断）{which}没有表样定义，按标签看“{tie}”：表上是 {stated}，按算式应为 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("X-03", "项目行与自评表金额不一致", "表间", "核实性", "项目行的金额应等于同一项目的自评表的金额（可对应几张表之和）。"),
    CommonRule("X-04", "项目缺自评表", "表间", "核实性", "项目“{label}”（{amounts}）没有对应的自评表：按项目编码、名称和金额都没有找到。请补报该项目的自评表，或说明理由。"),
    CommonRule("X-05", "自评表在基础数据表中没有对应项目", "表间", "核实性", "{listing}的项目清单里没有与“{label}”（{amounts}）对应的项目：按项目编码、名称和金额都没有找到。请核对项目名称和金额。"),
    CommonRule("X-06", "专项资金表金额大于项目行", "表间", "核实性", "项目行的金额应不小于同一项目（按项目编码或名称）的专项资金表的金额。"),
    CommonRule("X-13", "说明没有项目却报了项目", "表间", "强制性", "{detail}，而{said}本年度没有项目。请核对：有项目的，请改选“有”，并报齐各项目的自评表；确实没有的，请删去。"),
    CommonRule("L-01", "文字与表上的数不一致", "表间", "核实性", "文字写的是“{quote}”，其中{label}为 {stated}，而{where}是 {expected}，相差 {gap}。请核对是文字还是表写错了，更正或说明理由。"),
    CommonRule("L-02", "文字与部门决算不一致", "外部核对", "核实性", "文字写的是“{quote}”，其中{label}为 {stated}，而财政局的{where}是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("L-03", "文字里的合计与各部分不一致", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}，而所列各部分（{parts}）加起来是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("L-04", "文字里的增减额与增减率不一致", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}，而按{one}和{other}算出来是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("L-05", "文字里的数与按所说的数算出来的不一致", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}，而按{one}和{other}算出来是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("L-06", "文字前后不一致", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}，而前面（{elsewhere}）写的是 {expected}，相差 {gap}。请核对后更正，或说明理由。"),
    CommonRule("L-07", "文字里合计与部分的增减不一致", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}；而{elsewhere}写的{part}增减 {changed}，{whole}的其余部分今年都是 0，合计不会比它增得更多、减得更少。请核对后更正，或说明理由。"),
    CommonRule("L-08", "资金已按预算用完而项目没有完成", "表间", "核实性", "文字写的是“{quote}”，其中{label}为 {stated}，而{where}的资金已按预算全部执行。请核对完成情况和支出，更正或说明理由（如已按合同预付）。"),
    CommonRule("L-09", "文字里的数既不是预算数也不是支出数", "表内", "核实性", "文字写的是“{quote}”，{label}为 {stated}。如果是预算数，应不小于文字写的{part}；如果是支出数，应不大于文字写的{whole}。请核对后更正，或说明理由。"),
    CommonRule("L-10", "文字里的起止日期与表上的时间不一致", "表间", "核实性", "文字写的是“{quote}”，即{period}，而{where}的“{name}”是 {reached}。请核对是文字还是表写错了，更正或说明理由。"),
    CommonRule("L-11", "文字写已完成而表上写尚未完成", "表间", "核实性", "文字写的是“{quote}”，而{elsewhere}写的是“{reached}”。请核对是文字还是表写错了，更正或说明理由。"),
    CommonRule("C-01", "汇总数不等于各单位之和", "汇总", "强制性", "{detail}"),
    CommonRule("W-01", "不同单位的文件相同", "汇总", "核实性", "按文件名这是“{unit}”报送的文件，但内容与{detail}完全相同，可能发错了文件，请核对后重新报送。"),
    CommonRule("W-02", "不同单位的数据相同", "汇总", "核实性", "这张表的金额（{count} 个不同的数）与{detail}的完全相同，请核对是否误用了其他单位的文件，更正或说明理由。"),
    CommonRule("W-03", "多数单位不符的规则", "表样", "表样问题", "核对过“{label}”的 {count} 家单位中有 {detail} 家不符。多数单位都不符，往往是表样、填报说明或规则的问题，请先核对表样，再退回单位。"),
    CommonRule("W-04", "与同部门单位相差较大", "汇总", "提示", "“{label}”为 {stated}，“{detail}”所属报了这一项的 {count} 家单位的中位数是 {expected}，相差较大，请留意；如属实，无须更正。"),
    CommonRule("W-05", "分不出版本的表", "表样", "表样问题", "有 {count} 张表，“{label}”和“{detail}”几个版本的标签都一样对得上，分不出用的是哪个版本，本次按“{label}”核对和评分。请财政部门核对本县用的是哪个版本；不是“{label}”的，这些表的评分要按本县的版本重新核对。"),
    CommonRule("S-01", "满分与分值不一致", "表样", "表样问题", "“{label}”的评分标准印的满分是 {stated} 分，分值栏是 {expected} 分；评分时按分值封顶，请修订表样。"),
    CommonRule("S-02", "评分方向相反", "表样", "表样问题", "“{label}”的评分标准方向写反了：印的是“{stated}”，应为“{expected}”，请修订表样。"),
    CommonRule("S-03", "年份过期", "表样", "表样问题", "“{label}”的说明里还印着 {stated} 年，请按填报年度修订表样。"),
    CommonRule("S-04", "分值合计不为100", "表样", "表样问题", "各指标分值合计为 {stated} 分，不是 100 分，请修订表样。"),
    CommonRule("S-05", "分项与分值不一致", "表样", "表样问题", "“{label}”各项分合计 {stated} 分，分值栏是 {expected} 分，请修订表样。"),
    CommonRule("S-06", "表样其他矛盾", "表样", "表样问题", "“{label}”：{detail}。请修订表样。"),
    CommonRule("S-07", "分项合计与标签不一致", "表样", "表样问题", "“{label}”的标签印的是 {stated} 分，所属指标的分值合计 {expected} 分，请修订表样。"),
    CommonRule("S-08", "评分依据没有表填报", "表样", "表样问题", "有 {count} 项指标要用表上没有的数评分，{tables} 张表的这些指标没有复算：{examples}。要复算，请下发“评分依据补充表”请各单位填报（gouji issue 加 --evidence，或在勾稽.toml 里写 evidence = true）；不下发的，请人工核对这些指标的得分。"),
]  # fmt: skip

SAME_CAUSE = "　同因："
"""Begins what is added to a finding's sentence about others of the same cause."""
_FOR_BUREAU = re.compile(f"（财政部门：[^（）]*）(?={SAME_CAUSE}|$)")
_CODE = re.compile(r"（[A-Z]{1,2}-[A-Z]?\d+）")
_BATCH, _REFERENCE = "W-", "K-"


def as_told_to_units(message: str) -> str:
    """A finding's sentence without what the bureau alone can do, in brackets of its own: it stands last but for what the
    finding says of others (同因). Nor are units told the codes of rules there."""
    sentence, mark, others = _FOR_BUREAU.sub("", message).partition(SAME_CAUSE)
    return sentence + mark + without_codes(others)


def without_codes(text: str) -> str:
    """A text without the codes of rules that stand in brackets in it."""
    return _CODE.sub("", text)


def of_bureau(rule: str) -> bool:
    """Whether a common rule is the bureau's own to look into: it compares units, or reads the bureau's own table."""
    return rule.startswith((_BATCH, _REFERENCE)) or rule == "R-19"


COMMON_RULES: dict[str, CommonRule] = {rule.code: rule for rule in _RULES}
"""Code → rule."""
