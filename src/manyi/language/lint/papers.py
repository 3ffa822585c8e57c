"""N, R and C — papers: one name and one family of numbers for one thing, and nothing named that nothing defines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.lint.run import Found, check
from manyi.language.lint.settled_values import same
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import Settled

BOOK_TITLE = re.compile(r"《([^《》]{2,60})》")
CODED = re.compile(r"(?<![\w-])(?:[A-Z][A-Za-z]*[-/])+[A-Za-z]*\d[\w.]*(?:-[\w.]*\w)*")
STANDARDS = re.compile(r"(ISO|GB|IEC|IATF|OHSAS|EN|DIN)\b|GB/T")
TITLED = (
    "roles", "units", "facts", "parameters", "tables", "questionnaires", "playbooks", "programmes", "records", "duties",
    "measures",
)  # fmt: skip
ENOUGH = 3


@check(
    "N4", "warning", "同一事物两个名称，或同一系列两种代号", "one thing under two titles, or two codes of one family"
)
def one_thing_under_two_names(procedure: Procedure) -> Iterator[Found]:
    """The document writes it in two ways; two papers bear one code; or one code leaves the family of the others."""
    for doubt in procedure.settled:
        if doubt.path[-1] in ("title", "code") and _differ(doubt):
            says = ", ".join(f"{clause}: {_written(reading)}" for clause, reading in doubt.readings.items())
            yield Found(
                doubt.path,
                Text(f"文件写法不一（{says}）", f"the document writes it in several ways ({says})"),
                Text("统一为一种写法并写明理由", "Settle one way of writing it, with a reason"),
                clause=next(iter(doubt.readings)),
                state="open" if doubt.value is None else "settled",
            )
    yield from _codes(procedure)


def _differ(doubt: Settled) -> bool:
    readings = list(doubt.readings.values())
    known = [*readings, doubt.value] if doubt.value is not None else readings
    return any(not same(other, one) and not same(one, other) for n, one in enumerate(known) for other in known[:n])


def _written(reading: object) -> str:
    return " / ".join(str(part) for part in reading.values()) if isinstance(reading, dict) else str(reading)


def _codes(procedure: Procedure) -> Iterator[Found]:
    """Codes of forms: each once, and of one family where three or more are."""
    coded = list(_forms_with_codes(procedure))
    seen: dict[str, str] = {}
    families = Counter(_family(code) for _, code, _ in coded)
    usual, often = families.most_common(1)[0] if families else ("", 0)
    for path, code, title in coded:
        if seen.setdefault(code, title) != title:
            yield _odd(path, f"“{code}”已是“{seen[code]}”的代号", f"“{code}” is the code of “{seen[code]}” already")
        elif _family(code) != usual and often >= ENOUGH and families[_family(code)] == 1:
            yield _odd(
                path,
                f"“{code}”与其他表单的代号（{usual}…）不同",
                f"“{code}” is not of the family {usual}… of the others",
            )


def _forms_with_codes(procedure: Procedure) -> Iterator[tuple[Path, str, str]]:
    for chapter in ("questionnaires", "programmes", "records"):
        for key, rule in getattr(procedure, chapter).items():
            if rule.code:
                yield (chapter, key, "code"), rule.code, rule.title.in_("zh")


def _family(code: str) -> str:
    """What stands before the last group of digits."""
    return re.sub(r"[\d.]+\D*$", "", code)


def _odd(path: Path, zh: str, en: str) -> Found:
    return Found(path, Text(zh, en), Text("核对代号", "Check the code"))


@check("R6", "warning", "文中提到而没有定义", "named in the text, defined nowhere")
def named_and_not_defined(procedure: Procedure) -> Iterator[Found]:
    """A title in 《》, or a code, that is no paper, document or list of this file."""
    titles, codes = _known_titles(procedure), _known_codes(procedure)
    for number, clause in procedure.clauses.items():
        text = clause.text or Text()
        for lang in ("zh", "en"):
            words = getattr(text, lang)
            unknown = [t for t in BOOK_TITLE.findall(words) if _plain(t) not in titles]
            unknown += [
                c
                for c in CODED.findall(words)
                if not STANDARDS.match(c) and not any(_plain(c) in code for code in codes)
            ]
            for name in unknown:
                yield Found(
                    ("clauses", number, "text", lang),
                    Text(f"条款 {number} 提到“{name}”，文件中没有定义",
                         f"clause {number} names “{name}”, defined nowhere"),
                    Text("定义为记录、调查表或引用文件，或改正名称",
                         "Define it as a record, form or reference, or correct the name"),
                )  # fmt: skip


def _known_titles(procedure: Procedure) -> set[str]:
    titles = [procedure.procedure.title, *(r.title for r in procedure.procedure.references), *procedure.words.values()]
    for chapter in TITLED:
        titles += [title for rule in getattr(procedure, chapter).values() if (title := getattr(rule, "title", None))]
    for record in (*procedure.records.values(), *procedure.programmes.values()):
        titles += [record.register_.title] if record.register_ else []
        titles += [field.title for step in record.steps for field in step.fields.values() if field.title]
        titles += [step.title for step in record.steps if step.title]
    found = {_plain(words) for title in titles for words in (title.zh, title.en) if words}
    return found | {_plain(words) for doubt in procedure.settled for words in _texts(doubt)}


def _texts(doubt: Settled) -> Iterator[str]:
    for reading in doubt.readings.values():
        if doubt.path[-1] in ("title", "code"):
            yield from (str(part) for part in (reading.values() if isinstance(reading, dict) else [reading]))


def _known_codes(procedure: Procedure) -> set[str]:
    codes = {
        procedure.procedure.code,
        procedure.procedure.revision,
        *(reference.code for reference in procedure.procedure.references),
    }
    codes |= {code for _, code, _ in _forms_with_codes(procedure)}
    codes |= {words for doubt in procedure.settled for words in _texts(doubt)}
    return {_plain(code) for code in codes}


def _plain(name: str) -> str:
    return re.sub(r"[\s()（）]", "", name).lower()


@check("C5", "note", "引用的文件没有载入", "a reference to a document that is not loaded")
def a_document_not_loaded(procedure: Procedure) -> Iterator[Found]:
    """Its rules are another file's; told to the auditor."""
    for number, reference in enumerate(procedure.procedure.references):
        if (reference.code or reference.title.in_("zh")) not in procedure.around.documents:
            yield Found(
                ("procedure", "references", number),
                Text(f"没有载入“{reference.title.in_('zh')}”", f"“{reference.title.in_('en')}” is not loaded"),
                Text("供审核员查阅", "For the auditor"),
                state="settled",
            )
