"""The methods ``terms`` and ``sentiment`` on written comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comments.coding import suggest
from manyi.measure.comments.phrases import phrases
from manyi.measure.comments.redaction import redact
from manyi.measure.comments.segmentation import PLAIN, Cutter, Words, signs
from manyi.measure.comments.sentiment import CrossValidated, cross_validate, train
from manyi.measure.comments.terms import Term, dividing_terms
from manyi.measure.results import Warned

Row = dict[str, Any]
ENOUGH_LABELS, FEW_COMMENTS = 2000, 30
CHANCE = 1.96

TEXT = SpecKey("text", "text", Text("意见的列", "column of comments"))
LABEL = SpecKey("label", "text", Text("满意与否的列", "column that says whether the customer is satisfied"))
SATISFIED = SpecKey(
    "satisfied",
    "texts",
    Text("算作满意的回答", "answers of that column that count as satisfied; 1, yes, true and 是 where absent"),
    None,
)
DISSATISFIED = SpecKey(
    "dissatisfied",
    "texts",
    Text("算作不满意的回答", "answers that count as dissatisfied; all others where absent"),
    None,
)
NAMES = SpecKey("names", "texts", Text("要隐去的姓名", "further names to take out of comments shown"), [])
SEED = SpecKey("seed", "whole", Text("随机种子", "seed of the draw of the folds"), 0)


def _labelled(table: DataTable, spec: Mapping[str, Any]) -> tuple[list[str], c.Values]:
    """The comments, and 1 satisfied, 0 dissatisfied, NaN neither; a blank comment is neither."""
    texts = [text or "" for text in c.words(table, spec["text"])]
    satisfied = c.agreed(table, spec["label"], spec["satisfied"], spec["missing_codes"])
    if spec["dissatisfied"] is not None:
        against = c.agreed(table, spec["label"], spec["dissatisfied"], spec["missing_codes"])
        satisfied = np.where(satisfied == 1, 1.0, np.where(against == 1, 0.0, np.nan))
    satisfied = np.where([bool(text.strip()) for text in texts], satisfied, np.nan)
    if not (satisfied == 1).any() or not (satisfied == 0).any():
        raise Refusal("one_label", spec["label"], int(np.isfinite(satisfied).sum()), Text("满意与不满意的意见都要有", "comments of both kinds"),
                      Text("请核对 satisfied 中的代码", "Check which answers count as satisfied"))  # fmt: skip
    return texts, satisfied


def _run_terms(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    texts, satisfied = _labelled(table, spec)
    cut: Cutter = Words(map(str, spec["lexicon"])) if spec["unit"] == "words" else signs
    stop = PLAIN | {str(word) for word in spec["stop"]}
    bags = [[word for word in cut(text) if word not in stop] for text in texts]
    groups = [[bags[i] for i in np.flatnonzero(satisfied == side)] for side in (1, 0)]
    terms = dividing_terms(*groups, prior=spec["prior"], least=spec["least"])
    codes = {code: [str(p) for p in patterns] for code, patterns in spec["codes"].items()}
    suggested = suggest(texts, codes, most=spec["most"]) if codes else ()
    reached = {one.place for one in suggested}
    unreached = [text for place, text in enumerate(texts) if text and place not in reached]
    known = set(stop).union(*(bags or [[]]))
    new = [p for p in phrases(unreached if codes else texts) if codes or p.phrase not in known]
    values = {
        "satisfied": [_term_row(t) for t in terms[: spec["most_terms"]] if t.z > 0],
        "dissatisfied": [_term_row(t) for t in terms[::-1][: spec["most_terms"]] if t.z < 0],
        "comments": {"satisfied": len(groups[0]), "dissatisfied": len(groups[1])},
        "words": {"satisfied": sum(map(len, groups[0])), "dissatisfied": sum(map(len, groups[1]))},
        "phrases": [{"phrase": p.phrase, "count": p.count, "bond": p.bond, "freedom": p.freedom} for p in new[: spec["most_terms"]]],
        "codes": {code: sum(one.code == code for one in suggested) for code in codes},
        "suggestions": [{"row": one.place + table.first_row, "code": one.code, "matched": list(one.matched),
                         "similarity": one.similarity} for one in suggested],
        "without_code": len(unreached) if codes else None,
    }  # fmt: skip
    return Answer(values, len(groups[0]) + len(groups[1]), tuple(_terms_warnings(terms, groups, satisfied)))


def _term_row(term: Term) -> Row:
    return {"term": term.term, "satisfied": term.first, "dissatisfied": term.second, "comments": term.comments,
            "log_odds": term.log_odds, "z": term.z}  # fmt: skip


def _terms_warnings(terms: Sequence[Term], groups: Sequence[Sequence[Any]], satisfied: c.Values) -> list[Warned]:
    found = list(c.left_out(int(np.isnan(satisfied).sum())))
    if min(map(len, groups)) < FEW_COMMENTS:
        found.append(Warned("few_comments", f"n = {len(groups[0])}, {len(groups[1])}"))
    if not any(abs(term.z) >= CHANCE for term in terms):
        found.append(Warned("nothing_divides", f"{len(terms)}"))
    return found


TERMS = Method(
    name="terms",
    version="1",
    title=Text("区分满意与不满意的用词", "Words that divide satisfied from dissatisfied"),
    keys=(
        TEXT,
        LABEL,
        SATISFIED,
        DISSATISFIED,
        SpecKey("unit", "text", Text("按词或按字", "cut into words of a dictionary, or into single signs"), "words", ("words", "signs")),
        SpecKey("lexicon", "texts", Text("自己的词", "words of one's own, such as names of products, never cut"), []),
        SpecKey("stop", "texts", Text("不计的词", "words left out, beside 的, 了 and their like"), []),
        SpecKey("least", "whole", Text("至少出现在几条意见中", "words in fewer comments are left out"), 2),
        SpecKey("prior", "number", Text("先验的强度", "weight of the prior, in words"), 500),
        SpecKey("most_terms", "whole", Text("每边列出几个", "how many terms of each list are told"), 20),
        SpecKey("codes", "groups", Text("编码表：代码到词的表", "codebook: patterns of each code, for suggestions"), {}),
        SpecKey("most", "whole", Text("每条意见最多建议几个代码", "at most so many codes a comment"), 3),
        c.MISSING,
    ),
    gives={
        "satisfied": Text("满意者的用词", "terms of the satisfied, strongest first: `term`, times by the `satisfied` and by the `dissatisfied`, `comments` it stands in, `log_odds`, `z`"),
        "dissatisfied": Text("不满意者的用词", "terms of the dissatisfied, strongest first, likewise (`z` below 0)"),
        "comments": Text("意见条数", "comments of either group"),
        "words": Text("词数", "words of either group, those left out not counted"),
        "phrases": Text("词典之外的常用语", "frequent phrases the cutter does not know; with `codes`: those of comments without a code: `phrase`, `count`, `bond` and `freedom` in bits"),
        "codes": Text("各代码的建议数", "with `codes`: comments each is suggested for"),
        "suggestions": Text("编码建议", "with `codes`: `row`, `code`, `matched` patterns, `similarity`; for a person to accept or refuse"),
        "without_code": Text("没有建议的条数", "comments without a suggestion; null without `codes`"),
    },
    run=_run_terms,
)  # fmt: skip


def _run_sentiment(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    texts, satisfied = _labelled(table, spec)
    if not spec["c"] > 0 or spec["most"] < 0:
        raise Refusal(
            "wrong_value", "c", spec["c"], Text("大于 0 的数", "a number above 0"), Text("常用 1", "1 is usual")
        )
    places = np.flatnonzero(np.isfinite(satisfied))
    known, labels = [texts[i] for i in places], satisfied[places] == 1
    tested = cross_validate(known, labels, folds=spec["folds"], seed=spec["seed"], c=spec["c"], level=spec["level"])
    trained = train(known, labels, c=spec["c"])
    rest = [i for i, text in enumerate(texts) if text.strip() and np.isnan(satisfied[i])]
    told = trained.margins([texts[i] for i in rest]) if rest else np.empty(0)
    strongest = trained.strongest(spec["most"])
    values = {
        "accuracy": tested.accuracy.estimate, **c.interval_keys(tested.accuracy.interval), "majority": tested.majority,
        "macro_f1": tested.macro_f1, "f1_satisfied": tested.f1_satisfied, "f1_dissatisfied": tested.f1_dissatisfied,
        "confusion": [list(row) for row in tested.confusion],
        "strongest": {side: [{"term": term, "weight": weight} for term, weight in terms]
                      for side, terms in zip(("satisfied", "dissatisfied"), strongest, strict=True)},
        "told": [{"row": i + table.first_row, "satisfied": bool(margin > 0), "margin": float(margin)}
                 for i, margin in zip(rest, told, strict=True)],
        "disagree": _disagreeing(table, texts, places, labels, tested.margins, spec),
    }  # fmt: skip
    return Answer(values, len(known), tuple(_sentiment_warnings(tested, len(known), texts)))


def _disagreeing(
    table: DataTable, texts: Sequence[str], places: Any, labels: Any, margins: c.Values, spec: Mapping[str, Any]
) -> list[Row]:
    """Comments whose words say the opposite of the answer, the clearest first; names and numbers taken out."""
    against = [k for k in np.argsort(-np.abs(margins), kind="stable") if (margins[k] > 0) != labels[k]]
    return [
        {"row": int(places[k]) + table.first_row, "satisfied": bool(labels[k]), "margin": float(margins[k]),
         "text": redact(texts[places[k]], map(str, spec["names"])).text}
        for k in against[: spec["most"]]
    ]  # fmt: skip


def _sentiment_warnings(tested: CrossValidated, n: int, texts: Sequence[str]) -> list[Warned]:
    found = [Warned("few_labels", f"n = {n}")] if n < ENOUGH_LABELS else []
    if tested.accuracy.interval.lower <= tested.majority:
        found.append(Warned("no_better", f"{tested.accuracy.estimate:.3f}, {tested.majority:.3f}"))
    blank = sum(not text.strip() for text in texts)
    return [*found, *c.left_out(blank)]


SENTIMENT = Method(
    name="sentiment",
    version="1",
    title=Text("由意见判断是否满意", "Satisfied or not, told from the comment"),
    keys=(
        TEXT,
        LABEL,
        SATISFIED,
        DISSATISFIED,
        SpecKey("folds", "whole", Text("交叉检验的折数", "folds of the cross-validation"), 5),
        SEED,
        SpecKey("c", "number", Text("误差的代价", "cost of an error against the size of the weights"), 1),
        SpecKey("most", "whole", Text("各表列出几条", "how many disagreements and terms are told"), 20),
        NAMES,
        c.LEVEL,
        c.MISSING,
    ),
    gives={
        "accuracy": Text("正确率", "share told rightly among comments not trained on"),
        "lower": Text("正确率的下限", "lower limit of the accuracy (Wilson)"),
        "upper": Text("正确率的上限", "upper limit of the accuracy"),
        "majority": Text("总猜多数的正确率", "what always naming the larger group would reach"),
        "macro_f1": Text("两类 F1 的均值", "mean of both F1"),
        "f1_satisfied": Text("满意类的 F1", "F1 of the satisfied"),
        "f1_dissatisfied": Text("不满意类的 F1", "F1 of the dissatisfied"),
        "confusion": Text("混淆表", "rows truly dissatisfied, satisfied; columns told dissatisfied, satisfied"),
        "strongest": Text("最有分量的字串", "sequences of signs that speak most for `satisfied` and `dissatisfied`: `term`, `weight`"),
        "told": Text("未判定意见的判断", "comments without a label: `row`, `satisfied`, `margin` (0 is the border)"),
        "disagree": Text("与回答相反的意见", "comments whose words say the opposite of the answer, for somebody to read: `row`, `satisfied` (the answer), `margin`, redacted `text`"),
    },
    run=_run_sentiment,
)  # fmt: skip

COMMENTS: tuple[Method, ...] = (TERMS, SENTIMENT)
