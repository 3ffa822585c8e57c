"""A test is tied to few acceptance items, so that it can really prove them."""

from tests.acceptance import MOST_ITEMS_A_TEST, tied_tests


def test_no_test_claims_more_than_it_can_prove() -> None:
    assert [test for test, items in tied_tests() if len(items) > MOST_ITEMS_A_TEST] == []
