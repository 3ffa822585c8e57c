"""The documentation is held to the code: links, stages and their evidence, commands, settings, bars. Each rule has a fault."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand

from manyi.cli import MANAGED, SERVER, _parser
from manyi.stages import STAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "manyi"
READERS = ("env.py", "settings.py", "jobs/**/*.py")
"""The only places that read the environment of an installation."""
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
PLACE = re.compile(r"`((?:docs|src|tests|bars|bench|tools|requirements)/[\w./-]+)`")
READ = re.compile(r"(?:ENV(?:\.\w+)?|environ\.get|getenv)\(\s*\"(\w+)\"|\"(\w+)\" in ENV")

Rule = Callable[[Path], Iterator[str]]


def pages(root: Path) -> Iterator[Path]:
    yield from sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def read(root: Path, name: str) -> str:
    path = root / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def links_lead_somewhere(root: Path) -> Iterator[str]:
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        named = [(page.parent / target, target) for target in LINK.findall(text) if "://" not in target]
        named += [(ROOT / target, target) for target in PLACE.findall(text)]
        yield from (
            f"{page.relative_to(root)}: {target}"
            for place, target in named
            if not (place.exists() or place.with_suffix(".py").exists())
        )


def every_stage_has_its_page(root: Path) -> Iterator[str]:
    index = read(root, "docs/flow/README.md")
    for stage in STAGES:
        found = list((root / "docs/flow").glob(f"[0-9][0-9]-{stage.word}.md"))
        if len(found) != 1 or f"({found[0].name})" not in index:
            yield stage.word


def every_kind_of_evidence_stands_on_its_stages_page(root: Path) -> Iterator[str]:
    for stage in STAGES:
        text = "".join(p.read_text(encoding="utf-8") for p in (root / "docs/flow").glob(f"??-{stage.word}.md"))
        for module in sorted((SOURCE / "flow" / stage.word).glob("*.py")):
            for kind in re.findall(rf"\"({stage.word}\.\w+\.\w+)\"", module.read_text(encoding="utf-8")):
                if f"`{kind}`" not in text:
                    yield kind


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command with its own options and arguments, as a person types them."""
    own = set(options(BaseCommand().create_parser("manyi", "x")))
    for name, parser in subcommands(_parser()):
        if name in MANAGED:
            yield name, set(options(load_command_class("manyi.jobs", MANAGED[name]).create_parser("manyi", name))) - own
        elif name not in SERVER:
            yield name, set(options(parser))
        elif name == "migrate":
            yield name, set()  # Django's, with Django's options
        else:
            yield name, set(options(load_command_class("manyi.jobs", name).create_parser("manyi", name))) - own


def subcommands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                deeper = list(subcommands(inner, f"{before}{name} "))
                yield from deeper or [(f"{before}{name}", inner)]


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction):
            yield action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)


def the_commands_are_described_and_no_others(root: Path) -> Iterator[str]:
    text = read(root, "docs/reference/commands.md")
    parts = dict(re.findall(r"^## `manyi ([\w ]+)`\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    built = dict(commands())
    yield from sorted(built.keys() ^ parts.keys())
    for name in built.keys() & parts.keys():
        told = set(re.findall(r"^\| `([\w.-]+)[^`]*` \|", parts[name], re.M))
        yield from (f"{name} {option}" for option in sorted(built[name] ^ told))


def settings_read(root: Path) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for pattern in READERS for path in root.glob(pattern))
    return {a or b for text in texts for a, b in READ.findall(text)}


def the_settings_are_described_and_no_others(root: Path) -> Iterator[str]:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", read(root, "docs/reference/settings.md"), re.M))
    yield from sorted(told ^ settings_read(SOURCE))


def the_bars_are_described_and_no_others(root: Path) -> Iterator[str]:
    told = set(re.findall(r"^\| (B\w+) \|", read(root, "docs/reference/bars.md"), re.M))
    built = {
        key
        for path in ROOT.glob("bars/*.py")
        for key in re.findall(r"BAR = Bar\(\s*\"(\w+)\"", path.read_text("utf-8"))
    }
    yield from sorted(told ^ built)


COMMANDS, SETTINGS, BARS = (f"docs/reference/{name}.md" for name in ("commands", "settings", "bars"))
PLANTED: dict[Rule, tuple[str, Callable[[str], str]]] = {
    links_lead_somewhere: ("README.md", lambda text: f"{text}\n[gone](docs/gone.md)\n"),
    every_stage_has_its_page: ("docs/flow/README.md", lambda text: text.replace("(08-scores.md)", "(scores.md)")),
    every_kind_of_evidence_stands_on_its_stages_page: (
        "docs/flow/08-scores.md",
        lambda text: text.replace("scores.result.computed", "scores.result.counted"),
    ),
    the_commands_are_described_and_no_others: (COMMANDS, lambda text: text.replace("| `--skip-bad`", "| `--skip-all`")),
    the_settings_are_described_and_no_others: (SETTINGS, lambda text: text.replace("MANYI_MAIL_URL", "MANYI_POST")),
    the_bars_are_described_and_no_others: (BARS, lambda text: text.replace("| B44 |", "| B99 |")),
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_documentation_is_true(rule: Rule) -> None:
    assert list(rule(ROOT)) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_a_planted_fault_is_found(rule: Rule, tmp_path: Path) -> None:
    for page in pages(ROOT):
        copy = tmp_path / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(page.read_bytes())
    before = list(rule(tmp_path))
    name, spoil = PLANTED[rule]
    whole = (tmp_path / name).read_text(encoding="utf-8")
    assert spoil(whole) != whole
    (tmp_path / name).write_text(spoil(whole), encoding="utf-8")
    assert len(list(rule(tmp_path))) > len(before)


def test_both_readmes_name_the_same_commands() -> None:
    named = [set(re.findall(r"manyi ([a-z]+)\b", read(ROOT, name))) & {*SERVER, "score", "procedure", "clock"}
             for name in ("README.md", "README.zh.md")]  # fmt: skip
    assert named[0] == named[1]
    assert {"score", "procedure", "clock", "setup", "serve", "backup"} <= named[0]
