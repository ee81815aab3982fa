"""Radicals that copies out of PDF hold in place of characters, beyond those that NFKC folds (Kangxi).

Source: Unicode, EquivalentUnifiedIdeograph.txt, block CJK Radicals Supplement (U+2E80–U+2EFF).
"""

from __future__ import annotations

_FIRST = 0x2E80
_CHARACTERS = (
    "丶厂乛乚乙亻冂𠘨刀刂卜㔾小小尢尣尢尣巳幺彑𫜹忄㺗扌攵⺚旡日月歺母"
    "民氵氺灬爫爫丬牛犭王𤴔目示礻竹糹纟罓罒㓁㓁㓁羊𦍌𦍋耂肀聿肉臼艹艹"
    "艹虎衤覀西见角𧢲讠贝足车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠"
    "饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)

RADICALS = {_FIRST + place: sign for place, sign in enumerate(_CHARACTERS)}
"""Code point of a radical → its character, for `str.translate`."""
