"""The forms beside 基础数据表, 评分表 and 自评表 of which a batch over all forms has tables."""

WHOLE = ("部门整体支出绩效评价自评报告", "汨罗市-2018")
REPORT = ("财政支出项目绩效评价自评报告", "汨罗市-2018")
SPECIAL = ("专项资金绩效目标自评表", "衡山县-2021")
COMMON = ("项目支出绩效评价共性指标", "炎陵县-2020")
SYSTEM = ("项目支出绩效评价指标体系", "岳阳市-2019")
FRAMEWORK = ("部门整体支出绩效评价共性指标框架", "鹤城区-2020")
FRAME = ("预算支出绩效评价共性指标体系框架", "鹤城区-2020")
DEPARTMENT = ("部门整体支出绩效自评表", "安徽-2023")

MORE_FORMS = (WHOLE, REPORT, SPECIAL, COMMON, SYSTEM, FRAMEWORK, FRAME, DEPARTMENT)
