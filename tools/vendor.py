"""Brings the style sheet of Tabler into ``src/manyi/web/static/vendor``: one file, its licence and a manifest.

Needs ``npm`` (only to fetch the package); nothing of this is needed to run Manyi. The version is pinned here; what was
brought is written to ``manifest.json`` with its digest, which a test holds against the file. Colours written as
``oklch(…)`` are turned into ``#rrggbb``: browsers of offices (Chromium before 111) know only these, and show a button
whose colour they do not know as white on white.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

PACKAGE, VERSION = "@tabler/core", "1.6.1"
MEMBER = "package/dist/css/tabler.min.css"
TARGET = Path(__file__).parents[1] / "src" / "manyi" / "web" / "static" / "vendor"
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/\s*")
OKLCH = re.compile(rb"oklch\((?P<light>[\d.]+)% (?P<chroma>[\d.]+) (?P<hue>[\d.]+(?=deg)|none)(?:deg)?\)")
OUTWARD = re.compile(rb"(?:url\(|@import\s*)[\"']?(?!data:)(?:https?:)?//")

LICENCE = """MIT License

Copyright (c) 2018-2026 The Tabler Authors
Copyright (c) 2018-2026 codecalm.net Paweł Kuna

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
"""The npm package carries no licence file; its package.json and the head of the style sheet say MIT."""


def main() -> None:
    css = OKLCH.sub(as_hex, SOURCE_MAP.sub(b"", fetched()))
    if OUTWARD.search(css):
        raise SystemExit("the style sheet would ask another origin for something")
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "tabler.min.css").write_bytes(css)
    (TARGET / "tabler.LICENSE.txt").write_text(LICENCE, encoding="utf-8")
    manifest = {
        "tabler.min.css": {
            "package": PACKAGE,
            "version": VERSION,
            "changed": "colours written as #rrggbb; no source map",
            "licence": "MIT",
            "licence_file": "tabler.LICENSE.txt",
            "sha256": sha256(css).hexdigest(),
        }
    }
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{PACKAGE} {VERSION}: {len(css)} bytes")


def as_hex(colour: re.Match[bytes]) -> bytes:
    """The colour in sRGB (Björn Ottosson's Oklab matrices), cut off where sRGB ends."""
    light, chroma = float(colour["light"]) / 100, float(colour["chroma"])
    hue = 0.0 if colour["hue"] == b"none" else math.radians(float(colour["hue"]))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return b"#" + b"".join(b"%02x" % round(255 * gamma(min(max(x, 0.0), 1.0))) for x in linear)


def gamma(x: float) -> float:
    return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055


def fetched() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", folder, "--silent"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        with tarfile.open(Path(folder) / packed.splitlines()[-1]) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{MEMBER} is not in the package")
            return member.read()


if __name__ == "__main__":
    main()
