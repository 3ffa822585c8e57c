"""Writes ``src/manyi/library/fonts``: the two faces every paper and chart is set in, cut from Debian's Noto Sans CJK.

Needs ``apt-get install fonts-noto-cjk`` and ``fonttools`` in an environment of its own; neither is needed to run Manyi.
The cut keeps the characters of GBK (Regular) and GB2312 (Bold), Latin with its accents, punctuation, the signs of
charts and a few characters of personal names that lie outside GBK. The family is renamed, as a changed font should be.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
COPYRIGHT = Path("/usr/share/doc/fonts-noto-cjk/copyright")
TARGET = Path(__file__).parents[1] / "src" / "manyi" / "library" / "fonts"
FAMILY, FACE = "Manyi Sans", "Noto Sans CJK SC"
NAMES = "喆镕龘堃玥珺昇淼焱垚犇羴鱻赟翀旻晞燚瑀莀祎璟煊珅峣䶮㛃𬭎𫖮"
RANGES = (
    (0x20, 0x7F),
    (0xA0, 0x250),
    (0x370, 0x400),
    (0x400, 0x460),
    (0x2000, 0x2070),
    (0x20A0, 0x20C0),
    (0x2190, 0x2300),
    (0x2500, 0x2600),
)
SIGNS = "№℃℉™←↑→↓⇒∑√∞∩∪≈≠≤≥①②③④⑤⑥⑦⑧⑨⑩■□▲△▼▽◆◇○●★☆✓✗✔✘\ufffd"


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight, charset in (("Regular", "gbk"), ("Bold", "gb2312")):
        font = cut(pick(SOURCE / f"NotoSansCJK-{weight}.ttc", weight), characters(charset))
        rename(font, weight)
        path = TARGET / f"ManyiSans-{weight}.otf"
        font.save(path)
        print(path.name, f"{path.stat().st_size / 1e6:.1f} MB", len(font.getBestCmap()), "characters")
    (TARGET / "OFL.txt").write_text(licence(), encoding="utf-8")


def pick(path: Path, weight: str) -> TTFont:
    wanted = FACE if weight == "Regular" else f"{FACE} {weight}"
    for font in TTCollection(path).fonts:
        if font["name"].getDebugName(4) == wanted:
            return font
    sys.exit(f"{path} has no face {wanted}")


def characters(charset: str) -> set[int]:
    two_bytes = (bytes([a, b]) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF) if b != 0x7F)
    found = {ord(c) for pair in two_bytes for c in decoded(pair, charset)}
    found |= {code for first, end in RANGES for code in range(first, end)}
    return found | {ord(c) for c in NAMES + SIGNS}


def decoded(pair: bytes, charset: str) -> Iterable[str]:
    try:
        return pair.decode(charset)
    except UnicodeDecodeError:
        return ""


def cut(font: TTFont, codes: set[int]) -> TTFont:
    options = Options()
    options.layout_features = ["kern", "palt", "vert", "locl", "ccmp", "mark", "mkmk"]
    options.layout_scripts = ["DFLT", "latn", "hani"]
    options.desubroutinize = False
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def rename(font: TTFont, weight: str) -> None:
    plain = FAMILY.replace(" ", "")
    names = {
        1: FAMILY,
        2: weight,
        3: f"{plain}-{weight}",
        4: f"{FAMILY} {weight}".removesuffix(" Regular"),
        6: f"{plain}-{weight}",
    }
    table = font["name"]
    kept = {i: table.getDebugName(i) for i in (0, 5, 11, 13, 14) if table.getDebugName(i)}
    table.names = []
    for number, text in sorted((kept | names).items()):
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames[0] = names[6]
    dictionary = top.topDictIndex[0]
    dictionary.FullName, dictionary.FamilyName, dictionary.Weight = names[4], FAMILY, weight
    font["OS/2"].usWeightClass = 400 if weight == "Regular" else 700


def licence() -> str:
    """The font's licence as Debian ships it, with the change that the licence asks to be named."""
    text = COPYRIGHT.read_text(encoding="utf-8")
    block = re.search(r"^License: SIL-1\.1\n((?: .*\n)+)", text[text.rindex("\nLicense: SIL-1.1\n") :], re.M)
    if block is None:
        sys.exit("the licence is not where it was")
    lines = ["" if line.strip() == "." else line[1:] for line in block[1].splitlines()]
    head = (
        "Manyi Sans Regular and Bold are cut from Noto Sans CJK SC (https://github.com/googlefonts/noto-cjk),\n"
        "© 2014-2021 Adobe (http://www.adobe.com/). Noto is a trademark of Google Inc.\n"
        "Changed: fewer characters and features, no hints, another name. They remain under the licence below.\n\n"
    )
    return head + "\n".join(line.rstrip() for line in lines) + "\n"


main()
