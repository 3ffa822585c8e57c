"""What names a result: its figures, not the words they are told in."""

from manyi.flow.scores.inputs import digest_of_figures


def figures(text: str, value: int = 1) -> dict:
    return {"findings": [{"kind": "below_target", "value": value, "text": text, "text_en": text}], "sheets": 3}


def test_another_wording_is_the_same_result() -> None:
    assert digest_of_figures(figures("低于")) == digest_of_figures(figures("小于"))


def test_another_figure_is_another_result() -> None:
    assert digest_of_figures(figures("低于")) != digest_of_figures(figures("低于", value=2))
