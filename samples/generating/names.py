"""Invented units and projects of an invented county."""

from __future__ import annotations

from random import Random

from gouji.templates.recipient import Project, Recipient

COUNTY = "青禾县"
DEPARTMENT = "青禾县人民政府"
OFFICES = ["行政政法股", "教科文股", "经济建设股", "农业农村股", "社会保障股"]

_BUREAUS = [
    "发展和改革局", "教育局", "科学技术局", "民政局", "司法局", "人力资源和社会保障局", "自然资源局", "生态环境分局",
    "住房和城乡建设局", "交通运输局", "水利局", "农业农村局", "商务局", "文化旅游局", "卫生健康局", "应急管理局",
    "审计局", "市场监督管理局", "统计局", "医疗保障局", "林业局", "信访局", "档案馆", "图书馆", "残疾人联合会",
]  # fmt: skip
_TOWNS = [
    "白石镇", "东湾镇", "枫林镇", "高坪镇", "禾塘镇", "江口镇", "金竹镇", "柳溪镇", "龙泉镇", "马迹镇", "南桥镇",
    "平田镇", "沙头镇", "石门镇", "双江镇", "桃源乡", "望春乡", "西岭乡", "小河乡", "杨梅乡", "云盘乡", "樟木乡",
    "竹山乡", "紫溪乡",
]  # fmt: skip
_BODIES = [
    "人民政府", "便民服务中心", "农业综合服务中心", "社会事务综合服务中心", "财政所", "文化站", "水利站", "林业站",
    "中心小学", "中学", "卫生院", "敬老院", "退役军人服务站", "综合行政执法大队",
]  # fmt: skip
_PROJECTS = [
    "办公设备更新经费", "信息系统运行维护经费", "专项业务培训经费", "基层站所维修改造经费", "公共服务购买经费",
    "宣传教育活动经费", "临时聘用人员经费", "网络线路租赁费", "应急物资储备经费", "环境整治专项经费",
    "惠民补助发放工作经费", "档案数字化经费", "安全生产检查经费", "村级服务点建设经费",
]  # fmt: skip


def unit_name(number: int) -> str:
    """The name of the n-th unit, counted from 0; no two are alike."""
    if number < len(_BUREAUS):
        return COUNTY + _BUREAUS[number]
    number -= len(_BUREAUS)
    cycle, place = divmod(number, len(_TOWNS) * len(_BODIES))
    town, body = divmod(place, len(_BODIES))
    again = f"（第{cycle + 1}片区）" if cycle else ""
    return f"{COUNTY}{_TOWNS[town]}{_BODIES[body]}{again}"


def recipient(number: int, random: Random) -> Recipient:
    """The n-th unit with two projects, coded as a roster would."""
    code = f"4399{number + 1:05}"
    names = random.sample(_PROJECTS, 2)
    projects = tuple(Project(f"{code}-{place:02}", name) for place, name in enumerate(names, 1))
    return Recipient(code, unit_name(number), DEPARTMENT, projects)
