"""Every word of the pages has its Chinese: what templates and code mark stands in the catalogue, also compiled."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

MANYI = Path(__file__).resolve().parents[2] / "src" / "manyi"
PLACE = MANYI / "locale" / "zh_Hans" / "LC_MESSAGES"
CALL = re.compile(r"""\b(?:gettext|ngettext|_)\(\s*(?:u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))""")
WORDS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
HAN = "[\u4e00-\u9fff\u3001\u3002\uff0c\uff08\uff09\u201c\u201d]"
HALF_WIDTH = re.compile(rf"{HAN}\s*[,;:!?]|[,;:!?]\s*{HAN}|{HAN}\((?!\w+\)[sd])|(?<!\w)\){HAN}")
NOT_MARKED = re.compile(r">\s*([A-Za-z][a-z]+(?: [A-Za-z]+)*[.?!]?)\s*<")
SAME_IN_BOTH = {"English", "Word", "Excel"}


def in_template(source: str) -> set[str]:
    """The words a template marks for translation; of a plural its singular."""
    return {ast.literal_eval(found) for found in CALL.findall(templatize(source))}


def in_code(source: str) -> set[str]:
    """The words a module marks, by whatever name it imports gettext."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in WORDS
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return {
        call.args[0].value
        for call in calls
        if call.func.id in names and isinstance(call.args[0], ast.Constant)  # type: ignore[attr-defined]
    }


def marked() -> set[str]:
    """Everything the product marks for translation."""
    found: set[str] = set()
    for path in MANYI.rglob("*.html"):
        found |= in_template(path.read_text(encoding="utf-8"))
    for path in MANYI.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "django.utils.translation" in text:
            found |= in_code(text)
    return found


def entries(text: str) -> Iterator[tuple[str, str, bool]]:
    """The entries of a catalogue: words, their Chinese, whether it is only a guess."""
    for block in re.split(r"\n\s*\n", text):
        said = {"msgid": "", "msgid_plural": "", "msgstr": ""}
        key = ""
        for line in block.splitlines():
            head = re.match(r"(msgid_plural|msgid|msgstr)(?:\[0\])? ", line)
            key = head[1] if head else key
            if key and not line.startswith("#"):
                said[key] += ast.literal_eval(line[head.end() :] if head else line)
        if said["msgid"]:
            yield said["msgid"], said["msgstr"], bool(re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE))


def missing(words: set[str], text: str) -> set[str]:
    """The words without Chinese: not there, empty, or a guess of the merging program."""
    return words - {word for word, told, guessed in entries(text) if told.strip() and not guessed}


@pytest.fixture(scope="module")
def catalogue() -> str:
    return (PLACE / "django.po").read_text(encoding="utf-8")


def test_every_marked_word_has_its_chinese(catalogue):
    words = marked()
    assert len(words) > 400
    assert missing(words, catalogue) == set()


def test_no_word_stays_that_nothing_uses(catalogue):
    assert {word for word, _told, _guessed in entries(catalogue)} - marked() == set()


@pytest.mark.parametrize(
    "planted",
    [
        'msgid "Duty"\nmsgstr ""',
        '#, fuzzy\nmsgid "Duty"\nmsgstr "\u5e94\u505a\u4e8b\u9879"',
        'msgid "Due"\nmsgstr "\u671f\u9650"',
    ],
)
def test_a_planted_gap_is_found(planted):
    assert missing({"Duty"}, planted) == {"Duty"}


def test_words_are_found_in_every_way_they_are_marked():
    template = (
        "{% translate 'One' %}{% include 'x' with told=_(\"Two\") %}"
        "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    assert in_template(template) == {"One", "Two", "%(n)s row"}
    assert in_code('from django.utils.translation import gettext as _now\n_now("Three")\nother("Four")') == {"Three"}


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    with (PLACE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    read = {word: {compiled.gettext(word), compiled.ngettext(word, word, 2)} for word, _told, _ in entries(catalogue)}
    assert [word for word, told, _ in entries(catalogue) if told not in read[word]] == [], "run: make messages"


def test_the_chinese_has_chinese_punctuation(catalogue):
    assert [told for _word, told, _guessed in entries(catalogue) if HALF_WIDTH.search(told)] == []
    assert HALF_WIDTH.search("\u987e\u5ba2, \u4ea7\u54c1")
    assert not HALF_WIDTH.search("\u5df2\u65b0\u589e%(name)s\u3002")


def test_the_chinese_keeps_the_places_of_the_figures(catalogue):
    places = re.compile(r"%\(\w+\)[sd]")
    pairs = [(set(places.findall(word)), set(places.findall(told))) for word, told, _guessed in entries(catalogue)]
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def not_marked(source: str) -> set[str]:
    """Words that stand between tags and are not marked."""
    bare = re.sub(r"{% comment %}.*?{% endcomment %}|<code\b.*?</code>", "", source, flags=re.DOTALL)
    bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", bare, flags=re.DOTALL)
    bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "><", bare, flags=re.DOTALL)
    return set(NOT_MARKED.findall(bare)) - SAME_IN_BOTH


def test_no_template_shows_a_word_that_is_not_marked():
    found = {path.name: not_marked(path.read_text(encoding="utf-8")) for path in MANYI.rglob("*.html")}
    assert {name: words for name, words in found.items() if words} == {}
    assert not_marked("<h1>{% translate 'Due' %}</h1><p>Not marked.</p>") == {"Not marked."}
