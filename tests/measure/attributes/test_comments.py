"""Words, phrases, codes, sentiment and redaction on real Chinese comments, and what bad questions lead to."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.data import call, expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.comments.coding import suggest
from manyi.measure.comments.redaction import redact
from manyi.measure.comments.segmentation import Words
from manyi.measure.comments.sentiment import train
from manyi.measure.comments.terms import dividing_terms

FOOD, HOTEL, ASAP = "zh_waimai_10k", "zh_chnsenticorp_htl", "zh_asap_sample"
BOTH = {"text": "review", "label": "label"}


def part(name, each):
    """The first ``each`` comments of either label, as the text of a CSV."""
    with shared(name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    kept = [row for label in "10" for row in [r for r in rows if r[0] == label and r[1].strip()][:each]]
    return "label,review\n" + "\n".join(f'{label},"{text.replace(chr(34), chr(39))}"' for label, text in kept)


def test_words_that_divide_praise_from_complaint():
    found = measure("terms", part(f"{FOOD}/waimai_10k.csv", 800), BOTH)
    praise, blame = ({row["term"] for row in found[side]} for side in ("satisfied", "dissatisfied"))
    assert {"好吃", "不错", "快"} <= praise
    assert {"难吃", "小时", "太慢"} <= blame
    assert all(row["z"] > 1.96 for row in found["satisfied"])
    assert not found["warnings"]
    assert "送餐员" in {row["phrase"] for row in found["phrases"]}


def test_the_log_odds_of_one_word_by_hand():
    first, second = [["快", "好"], ["快"], ["好", "快"]], [["慢", "好"], ["慢"]]
    found = {term.term: term for term in dividing_terms(first, second, prior=4)}
    # 快 stands 3 times in 5 words and 0 times in 3; its share of the prior is 4 × 3/8
    a, b = (3 + 1.5) / (5 + 4 - 3 - 1.5), 1.5 / (3 + 4 - 1.5)
    assert found["快"].log_odds == pytest.approx(math.log(a / b), rel=1e-12)
    assert found["快"].z == pytest.approx(math.log(a / b) / math.sqrt(1 / 4.5 + 1 / 1.5), rel=1e-12)


def test_a_company_s_own_words_are_not_cut():
    assert "很好用的" not in Words()("这是很好用的")
    assert Words(["很好用的"])("这是很好用的")[-1] == "很好用的"


CODES = {"service_waiters_attitude": ["服务", "态度", "服务员"], "price_level": ["价格", "贵", "便宜", "实惠"],
         "location_traffic": ["交通", "地铁", "公交", "停车"]}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_suggested_codes_are_those_people_gave(code):
    with shared(f"{ASAP}/dev_sample.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    given = np.array([row[code] != "-2" for row in rows])
    told = {s.place for s in suggest([row["reviewbody"] for row in rows], {code: CODES[code]}, least=1.1)}
    suggested = np.array([place in told for place in range(len(rows))])
    assert given[suggested].mean() > 0.5 > given[~suggested].mean()


def test_comments_without_a_code_show_what_the_codebook_lacks():
    told = [f"{who}送货员很{what}" for who, what in zip("这那张王李我他她你", "好慢快差凶棒慢好行", strict=True)]
    told += ["包装破损漏液", "客厅空调制冷", "发票抬头错误", "按键偶尔失灵", "屏幕略微泛黄"]
    rows = "label,review\n" + "\n".join(f"{i % 2},{text}" for i, text in enumerate(told))
    found = measure("terms", rows, BOTH | {"codes": {"price": ["贵"]}})
    assert found["without_code"] == 14
    assert found["codes"] == {"price": 0}
    assert "送货员" in {row["phrase"][:3] for row in found["phrases"]}
    assert {"few_comments"} <= {w["code"] for w in found["warnings"]}


def test_sentiment_of_a_part_is_better_than_the_majority():
    found = measure("sentiment", part(f"{FOOD}/waimai_10k.csv", 200), BOTH | {"most": 3})
    assert found["accuracy"] > 0.8 > found["majority"]
    assert found["lower"] < found["accuracy"] < found["upper"]
    assert sum(map(sum, found["confusion"])) == found["n"] == 400
    assert {w["code"] for w in found["warnings"]} == {"few_labels"}
    assert len(found["disagree"]) == 3
    again = measure("sentiment", part(f"{FOOD}/waimai_10k.csv", 200), BOTH | {"most": 3})
    assert again == found
    other = measure("sentiment", part(f"{FOOD}/waimai_10k.csv", 200), BOTH | {"most": 3, "seed": 1})
    assert other["disagree"] != found["disagree"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "file", "baseline"),
    [(FOOD, "waimai_10k.csv", "char_1_3_tfidf_linearsvc_no_segmenter"),
     (HOTEL, "ChnSentiCorp_htl_all.csv", "char_1_3_tfidf_linearsvc_no_segmenter")],
)  # fmt: skip
def test_sentiment_reaches_what_the_reference_reaches(folder, file, baseline):
    told = expected(f"{folder}/baseline_tfidf_5fold.json")
    found = measure("sentiment", shared(f"{folder}/{file}"), BOTH)
    assert found["n"] == told["n"]
    assert found["accuracy"] >= 0.9
    # other folds and another tokenisation of blanks than the reference
    verified(
        "sentiment: accuracy, 5 folds",
        folder,
        "scikit-learn 1.9.1",
        told[baseline]["accuracy"],
        found["accuracy"],
        rel=0.005,
    )
    verified(
        "sentiment: macro F1, 5 folds",
        folder,
        "scikit-learn 1.9.1",
        told[baseline]["macro_f1"],
        found["macro_f1"],
        rel=0.005,
    )


def test_the_classifier_stands_at_its_minimum():
    texts = ["很好", "不错", "很快", "很差", "太慢", "难吃", "还行", "一般"]
    labels = np.array([1, 1, 1, 0, 0, 0, 1, 0], bool)
    trained = train(texts, labels)
    sign = np.where(labels, 1.0, -1.0)
    rows = np.column_stack([trained.vocabulary.matrix(texts).toarray(), np.ones(len(texts))])

    def objective(w):
        short = np.maximum(0, 1 - sign * (rows @ w))
        return w @ w / 2 + short @ short

    draw = np.random.default_rng(0)
    least = objective(trained.weights)
    for size in (1e-1, 1e-2, 1e-3):
        for _ in range(20):
            away = draw.normal(size=len(trained.weights))
            assert objective(trained.weights + size * away / np.linalg.norm(away)) > least - 1e-6


def test_a_label_that_words_do_not_explain_is_warned_about():
    rows = "label,review\n" + "\n".join(f"{i % 2},一样的话" for i in range(40))
    assert {"no_better", "few_labels"} == {w["code"] for w in measure("sentiment", rows, BOTH)["warnings"]}


def test_comments_without_a_label_are_told_and_names_taken_out():
    rows = (
        "label,review\n"
        + "很好,\n" * 0
        + "\n".join(["1,很好", "0,很差"] * 10 + [",真的很好", "0,王经理很好 13800138000"])
    )
    found = measure("sentiment", rows, BOTH)
    assert [(row["row"], row["satisfied"]) for row in found["told"]] == [(22, True)]
    assert found["disagree"][0]["text"] == "【姓名】经理很好 【电话】"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("感谢张伟经理的帮助", "感谢【姓名】经理的帮助"),
        ("谢谢李女士！小王师傅也好", "谢谢【姓名】女士！【姓名】师傅也好"),
        ("联系人：李小明，手机+86 138-0013-8000", "联系人：【姓名】，手机【电话】"),
        ("请拨010-62345678或400-810-1234", "请拨【电话】或【电话】"),
        ("身份证110105199003074518", "身份证【证件号】"),
        ("邮箱 a.b@c.com.cn 卡6222 0210 0100 1234 567", "邮箱 【邮箱】 卡【卡号】"),
        ("陆小凤说不错", "【姓名】说不错"),
        ("我叫王小明，住三楼", "我叫【姓名】，住三楼"),
    ],
)
def test_names_and_numbers_are_taken_out(text, redacted):
    assert redact(text, ["陆小凤"]).text == redacted


@pytest.mark.parametrize(
    "text",
    ["许多老师都说好", "服务员和经理沟通很及时", "订单20160107共12345678元", "总之很满意", "型号A1-2026 价格1380元"],
)
def test_what_is_no_name_and_no_number_stays(text):
    assert redact(text).text == text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_redacting_twice_finds_nothing_new(text):
    once = redact(text)
    assert redact(once.text).found.keys() <= {"name"}
    assert sum(once.found.values()) == sum(
        once.text.count(word) - text.count(word)
        for word in ("【姓名】", "【电话】", "【邮箱】", "【证件号】", "【卡号】")
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["1", "0", "", "x"]), st.text("很好差慢，a1 ", max_size=8)), max_size=14))
def test_junk_is_answered_or_refused(rows):
    told = "label,review\n" + "\n".join(f'{label},"{text}"' for label, text in rows)
    for method in ("terms", "sentiment"):
        code, answer = call(method, told, BOTH | {"satisfied": ["1"]})
        assert code in (0, 2)
        assert ("faults" in answer) == (code == 2)


TWO = "label,review\n1,很好\n0,很差\n"


@pytest.mark.parametrize(
    ("method", "rows", "spec", "code"),
    [
        ("terms", "label,review\n", BOTH, "no_rows"),
        ("terms", "label,review\n1,很好\n1,不错\n", BOTH, "one_label"),
        ("terms", "label,review\n1,很好\n3,不错\n", BOTH, "which_is_yes"),
        ("terms", "label,review\n1,很好\n0,不错\n", BOTH | {"satisfied": ["5"]}, "no_such_answer"),
        ("terms", "label,review\n1,\n0,\n", BOTH, "one_label"),
        ("terms", "label,review\n1,！！\n0,很差\n", BOTH, "no_words"),
        ("terms", TWO, BOTH | {"prior": 0}, "no_words"),
        ("terms", TWO, BOTH | {"codes": {"price": []}}, "empty_code"),
        ("terms", TWO, BOTH | {"unit": "letters"}, "wrong_value"),
        ("terms", TWO, {"text": "review"}, "missing_key"),
        ("terms", TWO, BOTH | {"text": "comment"}, "no_column"),
        ("sentiment", TWO, BOTH, "few_labels"),
        ("sentiment", "label,review\n1,很好\n1,不错\n", BOTH, "one_label"),
        ("sentiment", TWO, BOTH | {"folds": 1}, "few_labels"),
        ("sentiment", TWO, BOTH | {"c": 0}, "wrong_value"),
        ("sentiment", TWO, BOTH | {"depth": 3}, "unknown_key"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_by_code(method, rows, spec, code):
    assert refused(method, rows, spec)[0]["code"] == code
