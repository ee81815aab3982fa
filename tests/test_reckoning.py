"""What sentences make of their own figures: every kind of claim, contradicted, kept, and left alone where unsure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.ingest.narrative.written import MONEY, PERCENT, written
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.reckoning.span import Span, quotients, sum_of
from tests.measure_reports import missed, reports
from tests.test_narrative_arithmetic import PROJECT, WHOLE, told

D = Decimal


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("2023年12月31日收到3.5万元、120余人次、约15%。", [("3.5", MONEY), ("120", "人次"), ("0.15", PERCENT)]),
        ("（1）80至89周岁12600人；（2）5.4万人；第3期400元。", [("12600", "人"), ("54000", "人"), ("0.04", MONEY)]),
        ("依据财预〔2020〕10号，一次性验收合格2所，“12345”热线64件，5—8人一组。", [("2", "所"), ("64", "件")]),
        ("得分90分（含）以上的，80分至90分，实得88.5分。", [("90", "分"), ("88.5", "分")]),
    ],
)  # fmt: skip
def test_figures_of_a_paragraph(text: str, figures: list[tuple[str, str]]) -> None:
    read = [(f"{figure.value.normalize():f}", figure.unit) for figure in written(text).figures]
    assert [pair for pair in read if pair[1]] == figures


WRONG = [
    # parts and sums
    (WHOLE, "纳入计划的学校共87所，其中小学62所、九年一贯制学校17所、初级中学14所。", "87所", "93所"),
    (WHOLE, "全县门诊23.64万人次，其中门诊部19.85万人次，急诊3.97万人次。", "23.64万人次", "238200人次"),
    (WHOLE, "设备购置268.4万元，线路改造142.75万元，课后服务90万元，三项合计483.15万元。", "483.15万元", "501.15万元"),
    (WHOLE, "一期投资956万元，二期投资285万元，三期投资16万元，全年完成投资1230万元。", "285万元", "258万元"),
    (WHOLE, "管网资金386.42万元，县里补助381.32万元，村里自筹51万元。", "51万元", "5.1万元"),
    (WHOLE, "教学点共87所,其中:小学62所;九年一贯制17所;初级中学14所.", "87所", "93所"),
    # lists whose sum stands before
    (WHOLE, "完成改造11640户，完成率97%。其中气代煤8215户，电代煤4325户。", "11640户", "12540户"),
    (WHOLE, "列支资金864万元。按用途划分，人工种草512万元，草原改良228万元，围栏64万元。", "864万元", "804万元"),
    (WHOLE, "保障经费15.84万元。一是出国没有发生。二是用车经费12.3万元。三是用餐2.64万元。", "12.3万元", "13.2万元"),
    # plans and halves
    (WHOLE, "工程年初批复预算180万元，追加30万元，加上上年结余18.6万元，调整为210.6万元。", "210.6万元", "228.6万元"),
    (WHOLE, "全年受理1387件。上半年624件，下半年736件。", "736件", "763件"),
    # rates
    (WHOLE, "至年末18个小区中完工15个，完工率88.33%。", "88.33%", "83.33%"),
    (WHOLE, "发放问卷300份，收回288份，表示满意的277份，群众满意度98.16%。", "98.16%", "96.18%"),
    (WHOLE, "企业资产总额186.42亿元，负债总额108.72亿元，资产负债率53.82%。", "53.82%", "58.32%"),
    (WHOLE, "过程指标（25分）得19.8分，得分率72.9%。", "72.9%", "79.2%"),
    # shares
    (WHOLE, "经费1080万元，分担如下：省级324万元，占30%；市级216万元，占26%；县级540万元，占50%。", "26%", "20%"),
    (WHOLE, "合同总额156.3万元。授予中小企业98.47万元，占合同总额的36%。", "36%", "63%"),
    # prices and means
    (WHOLE, "县道升级28.5公里，每公里180万元，计5310万元。", "5310万元", "5130万元"),
    (WHOLE, "按每生每天5元、全年200天、9300人核定，共需903万元。", "903万元", "930万元"),
    (WHOLE, "慰问费7.42万元，共慰问168批次、1484人次，人均65元。", "65元", "50元"),
    (WHOLE, "过渡期每人每天20元，发放期限62天，人均1840元。", "1840元", "1240元"),
    # differences and growth
    (WHOLE, "城镇新增就业计划3200人、实际3424人，超计划242人。", "242人", "224人"),
    (WHOLE, "计划改造320户，实际改造304户，还有26户因翻建未能入户。", "26户", "16户"),
    (WHOLE, "植被盖度由上年的41.2%提高到42.6%，提高2.4个百分点。", "2.4个百分点", "1.4个百分点"),
    (WHOLE, "基层组织由上年末的262家发展到286家，增幅6.19%。", "6.19%", "9.16%"),
    (WHOLE, "接待13.44万人次，比上年11.2万人次增加2.24万人次，增长16.67%。", "16.67%", "20%"),
    # scores
    (WHOLE, "决策得17.25分、过程得16分、产出得25.5分、效益得26分。四项合计87.45分。", "87.45分", "84.75分"),
    (WHOLE, "第三方评价得分93.6分。共扣4.6分。", "4.6分", "6.4分"),
    # the table of a project: levels, rows
    (PROJECT, "中央财政安排300万元。县级财政安排210万元，县级到位130万元。", "210万元", "200万元"),
    (PROJECT, "县级财政到位130万元，到位率56%。", "56%", "65%"),
    (PROJECT, "县级财政到位130万元，尚有60万元未到位。", "60万元", "70万元"),
    # twice
    (WHOLE, "春季学期在校寄宿学生2640人。食堂供餐，春季学期在校寄宿学生2460人。", "2460人", "2640人"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "text", "stated", "expected"), WRONG, ids=[case[1][:24] for case in WRONG])
def test_what_figures_do_not_make(form: object, text: str, stated: str, expected: str) -> None:
    findings = [(one[1], one[2]) for one in told(form.name, text)]  # type: ignore[attr-defined]
    assert findings == [(stated, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "全体职工30人，其中女性20人，党员15人。",
        "全年办件1000件，其中网上办理800件，当场办结600件。",
        "低保资金11820万元，含城市低保1460万元、农村低保7350万元、特困供养2610万元，其余为临时救助。",
        "人员增加14.6万元，专项减少22.3万元，合计净减少7.7万元。",
        "温室86座，每座补助15万元，大棚32座，每座补助18万元，两类补助合计1866万元。",
        "每户每年18500元，进藏兵3户按2倍发放，合计395.9万元。",
        "送戏下乡186场，每场补助5000元，因12场不付费，实付87万元。",
        "法官人均结案262件（员额法官32人），全年结案8391件。",
        "带动就业538人，人均月收入2860元，年销售收入1126万元。",
        "2023年比2022年增长4.49%，三年分别为462.3万元、487.5万元、509.4万元。",
        "资金管理20分，扣3.4分；组织实施20分，扣1.5分；产出35分，扣4分；合计得分88.1分。",
        "由4.1平方米增至4.6平方米，另一校由5.2平方米增至5.5平方米。",
        "年初结余64.2万元，本年进账2875.44万元，本年开销2893.1万元，年末结余46.54万元。",
        "抽查小区9个，合格8个，合格率约88.9%。",
        "共改造16户，每户约1.2万元，计20万元。",
        "县级专项资金266.39万元，较上年减少。其中：全年预算数272.74万元，全年执行数189.83万元。",
        "设备类采购1384万元，包括床3200张、课桌6800套，单价分别为620元、265元，运费939万元。",
    ],
)  # fmt: skip
def test_what_is_left_alone(text: str) -> None:
    assert told(WHOLE.name, text) == []


AMOUNTS = st.decimals(min_value="0.01", max_value="99999", places=2)


@given(st.lists(AMOUNTS, min_size=2, max_size=6))
def test_spans_of_sums_and_quotients(amounts: list[Decimal]) -> None:
    """The interval holds what the true figures make, wherever within half a unit they are."""
    figures = written("、".join(f"款项{amount}万元" for amount in amounts)).figures
    assert [figure.value for figure in figures] == amounts
    total = sum(map(Fraction, amounts))
    low, high = total - Fraction(len(amounts), 200), total + Fraction(len(amounts), 200)
    span = sum_of(figures)
    assert (Fraction(span.value), Fraction(span.low), Fraction(span.high)) == (total, low, high)
    (share,) = quotients([Span.of(figures[0])], [span])
    true = Fraction(figures[0].value) / total
    assert Fraction(share.low) - Fraction(1, 10**20) <= true <= Fraction(share.high) + Fraction(1, 10**20)


@pytest.mark.parametrize(
    ("value", "due", "slip"),
    [
        ("45.94", "49.54", True), ("1600", "1700", True), ("16", "17", False), ("320.6", "32.06", True),
        ("25.9", "225.9", True), ("0.003", "0.001", False), ("-3", "3", False), ("0", "3", False), ("7", "7", False),
    ],
)  # fmt: skip
def test_slips(value: str, due: str, slip: bool) -> None:
    assert is_slip(D(value), D(due)) is slip


@pytest.mark.deep
def test_reports_of_others() -> None:
    """Honest reports are left alone; of falsified figures no fewer are found than ever."""
    honest = [
        one.message for report in (*reports("honest"), *reports("planted")) for one in report.findings(report.honest())
    ]
    assert honest == []
    planted = sum(len(report.wrong()) for report in reports("planted"))
    lost = [figure for report in reports("planted") for figure in missed(report)]
    assert (planted, len(lost)) <= (364, 39), lost
