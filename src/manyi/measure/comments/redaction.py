"""Names, telephone numbers, mail addresses and id numbers taken out of a comment before more people read it.

Names are found where somebody writes one down as a name (after 我叫 or 联系人：), before a title such as 经理 or 女士, and
where they stand in a list of known names. Rather too much is taken out than too little, and still nothing finds every
name: redacted comments are for a wider circle of the company, not for publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁宋谢唐韩曹许邓冯程蔡彭潘袁董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任"
    "陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛万顾赖康贺严尹钱施牛洪龚汤陶黎温莫樊乔文倪殷颜庄聂岳齐"
    "鲁葛章邢俞翟詹申关焦柳祝纪欧耿毕柴尚谷齐裴冉霍苗费岑凌霍虞柯管骆盛翁荀甄封储靳巴符景司涂闻闵卓"
)
TITLES = (
    "先生", "女士", "小姐", "经理", "主任", "老师", "师傅", "工程师", "医生", "大夫", "护士", "院长", "科长", "处长", "部长", "总监",
    "厂长", "局长", "所长", "店长", "队长", "组长", "助理", "教授", "同志", "老板", "销售", "客服", "店员", "总",
)  # fmt: skip
NO_NAMES = frozenset(
    (
        "许多", "高级", "金牌", "白班", "任何", "马上", "方便", "周到", "万能", "文员", "文化", "关于", "严格", "严重", "白天", "成熟",
        "管理", "施工", "江苏", "江西", "林业", "石化", "金融", "石油", "范围", "温和", "司机", "欧洲", "任务", "关系", "关键", "龙头",
    )
)  # fmt: skip
"""Ordinary words that begin like a name."""

INTRODUCED = ("姓名", "联系人", "收货人", "收件人", "负责人", "经办人", "客户", "业务员")

# 谢 after 感 or before another 谢 is thanks
_SURNAME, _SIGN = f"(?:(?<![感谢多致])谢(?!谢)|[{SURNAMES.replace('谢', '')}])", "[\\u4e00-\\u9fff]"
_BEFORE, _AFTER = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mail", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    (
        "id",
        re.compile(
            _BEFORE + r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]" + _AFTER
        ),
    ),
    ("card", re.compile(_BEFORE + r"\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?" + _AFTER)),
    ("phone", re.compile(_BEFORE + r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}" + _AFTER)),
    ("phone", re.compile(_BEFORE + r"(?:0\d{2,3}[ -]?|[（(]0\d{2,3}[)）] ?)[2-9]\d{6,7}(?:-\d{1,5})?" + _AFTER)),
    ("phone", re.compile(_BEFORE + r"[48]00[ -]?\d{3}[ -]?\d{4}" + _AFTER)),
)
INTRODUCTION = re.compile(
    f"(?:(?<=我叫)|(?:{'|'.join(INTRODUCED)})\\s*[:：]\\s*)(?P<name>{_SURNAME}{_SIGN}{{1,2}})(?!{_SIGN})"
)
TITLED = re.compile(f"(?P<name>[老小]?{_SURNAME}{_SIGN}{{0,2}}?)(?={'|'.join(sorted(TITLES, key=len, reverse=True))})")
SHOWN: Mapping[str, str] = {
    "name": "【姓名】",
    "phone": "【电话】",
    "mail": "【邮箱】",
    "id": "【证件号】",
    "card": "【卡号】",
}


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with what was found replaced by what it was, and how often each kind was found."""

    text: str
    found: Mapping[str, int]


def redact(text: str, known: Iterable[str] = ()) -> Redacted:
    """``text`` without names, telephone, id and card numbers and mail addresses; ``known`` are further names.

    >>> redact("请王经理回电13800138000，联系人：李小明").text
    '请【姓名】经理回电【电话】，联系人：【姓名】'
    """
    found: dict[str, int] = {}

    def count(kind: str, times: int = 1) -> str:
        found[kind] = found.get(kind, 0) + times
        return SHOWN[kind]

    for name in sorted({name for name in known if name.strip()}, key=lambda name: (-len(name), name)):
        text, times = re.subn(re.escape(name), SHOWN["name"], text)
        if times:
            count("name", times)
    for kind, pattern in NUMBERS:
        text = pattern.sub(lambda _, kind=kind: count(kind), text)  # type: ignore[misc]
    text = INTRODUCTION.sub(lambda m: m[0][: m.start("name") - m.start()] + count("name"), text)
    return Redacted(TITLED.sub(lambda m: m[0] if m["name"][:2] in NO_NAMES else count("name"), text), found)
