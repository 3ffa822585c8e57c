"""What was brought from elsewhere is what the manifest says, and asks nobody for anything."""

import json
import re
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "src" / "manyi" / "web" / "static"
VENDOR = STATIC / "vendor"


def test_every_vendored_file_is_the_one_of_the_manifest():
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    assert files == {*manifest, *(entry["licence_file"] for entry in manifest.values())}
    for name, entry in manifest.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])


def test_no_style_sheet_asks_another_origin_or_for_a_source_map():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text
        assert "@import" not in text
        assert not re.search(r"url\(\s*(?![\"']?data:)", text), sheet


def test_the_colours_are_those_every_office_browser_knows():
    text = (VENDOR / "tabler.min.css").read_text(encoding="utf-8")
    assert "--tblr-blue:#066fd1" in text  # the blue Tabler itself stated in hexadecimal up to version 1.4
    assert not re.search(r"oklch\(\d", text)
