"""Personal items (填表人、联系电话、签字) stay in the unit's own file and appear in no output."""

from __future__ import annotations

import re
from functools import reduce

import pandas as pd

from gouji.export.records import plain, records
from gouji.templates.catalogue import Catalogue

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝臧戴谈宋庞熊纪舒屈项祝董梁杜阮蓝季"
    "贾路江童颜郭梅盛林钟徐邱骆夏蔡田樊胡凌霍虞万柯卢莫房缪解应丁邓郁单洪包左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦侯全班秋仲"
    "宁仇甘祖武符刘景詹龙叶幸黎白蒲邰从鄂赖卓蔺屠蒙池乔阳冉雍桑牛燕冀尚温庄晏柴瞿阎慕习艾鱼容向古易廖欧阳司马曾肖游闫付谭聂"
    "辜敖粟匡寻文简饶沙鞠关查游权岳帅况涂佘"
)
"""With what the name of a person begins: other words in personal cells (主任, 已签字) stay in sentences."""
_NAME, _WHITE = re.compile(r"[\u4e00-\u9fff·]{2,4}"), re.compile(r"\s+")
_OF_SENTENCES = "L-"
HIDDEN = "（个人信息，不显示）"


def without_personal(
    returns: pd.DataFrame, values: pd.DataFrame, findings: pd.DataFrame, catalogue: Catalogue
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`values` and `findings` without the values of personal items, also where a finding quotes them."""
    personal = [*_personal_items(returns, catalogue), *_personal_lines(returns, values, catalogue)]
    if not personal:
        return values, findings
    hidden = pd.MultiIndex.from_frame(values[["return_id", "item"]]).isin(personal)
    quoted = _quoted(values[hidden])
    findings = _nameless(_silenced(findings, personal, quoted), _names(returns, values[hidden]))
    return values[~hidden].reset_index(drop=True), findings


def _personal_items(returns: pd.DataFrame, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(return_id, item) of every personal item of the returns."""
    personal: list[tuple[str, str]] = []
    for (name, edition), part in returns.groupby(["form", "edition"], sort=False):
        form = catalogue.known(str(name), str(edition))
        items = [item.id for item in form.items.values() if item.personal] if form else []
        personal += [(str(return_id), item) for return_id in part["return_id"] for item in items]
    return personal


def _personal_lines(returns: pd.DataFrame, values: pd.DataFrame, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(return_id, item) of every cell of lists about persons (评价人员)."""
    lists: dict[str, set[str]] = {}
    for (name, edition), part in returns.groupby(["form", "edition"], sort=False):
        form = catalogue.known(str(name), str(edition))
        personal = {spec.id for spec in form.lists.values() if spec.personal} if form else set()
        lists |= {str(return_id): personal for return_id in part["return_id"] if personal}
    values = values[values["list_id"].notna() & values["return_id"].isin(lists)]
    columns = (plain(values[name]) for name in ("return_id", "list_id", "item"))
    return [(return_id, item) for return_id, list_id, item in zip(*columns, strict=True) if list_id in lists[return_id]]


def _quoted(values: pd.DataFrame) -> dict[tuple[str, str], str]:
    texts = values["raw"].notna()
    return {(row["return_id"], row["item"]): row["raw"] for row in records(values[texts])}


def _names(returns: pd.DataFrame, values: pd.DataFrame) -> dict[str, re.Pattern[str]]:
    """File → the names of persons that stand in personal cells of its tables."""
    file_of = dict(zip(plain(returns["return_id"]), plain(returns["file"]), strict=True))
    names: dict[str, set[str]] = {}
    for row in records(values[values["raw"].notna()]):
        name = _WHITE.sub("", row["raw"])
        if _NAME.fullmatch(name) and name[0] in _SURNAMES:
            names.setdefault(file_of[row["return_id"]], set()).add(name)
    return {file: re.compile("|".join(sorted(of, key=len, reverse=True))) for file, of in names.items()}


def _nameless(findings: pd.DataFrame, names: dict[str, re.Pattern[str]]) -> pd.DataFrame:
    """The findings about sentences without the names of persons that these mention."""
    if not names:
        return findings
    rows = zip(plain(findings["rule"]), plain(findings["file"]), plain(findings["message"]), strict=True)
    messages = [
        names[file].sub(HIDDEN, message) if rule.startswith(_OF_SENTENCES) and file in names else message
        for rule, file, message in rows
    ]
    return findings.assign(message=pd.Series(messages, index=findings.index, dtype="str"))


def _silenced(
    findings: pd.DataFrame, personal: list[tuple[str, str]], quoted: dict[tuple[str, str], str]
) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(findings[["return_id", "item"]])
    about = keys.isin(personal)
    if not about.any():
        return findings
    columns = {name: plain(findings[name]) for name in ("stated", "expected", "message", "cause")}
    for row, key in enumerate(keys):
        if about[row]:
            columns["stated"][row] = columns["expected"][row] = None
            for name in ("message", "cause"):
                columns[name][row] = _without(columns[name][row], quoted.get(key))
    hidden = {name: pd.Series(column, index=findings.index, dtype="str") for name, column in columns.items()}
    return findings.assign(**hidden)


def _without(text: str | None, quoted: str | None) -> str | None:
    if text is None or not quoted:
        return text
    return reduce(lambda left, part: left.replace(part, HIDDEN), {quoted, quoted.strip()} - {""}, text)
