"""The month's budget: what is reached, what is told, and that nothing of level 3 or of the night is touched."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.alerting.budget import Reached, cheapest_first, reached, saves, sentence, told
from models.alerting.gsm7 import SINGLE, septets
from models.catalogue.channels import CHANNELS, Channel
from models.commune.routing import Budget

BUDGET = Budget(3_000_000, 0.8, {Channel.ZALO: 300, Channel.SMS: 800})
NOON = datetime(2025, 11, 1, 5, 0, tzinfo=UTC)

REACHED = {
    "nothing is spent": (0, []),
    "just below the share that warns": (2_399_999, []),
    "the share that warns": (2_400_000, [Reached.WARNED]),
    "just below all": (2_999_999, [Reached.WARNED]),
    "all": (3_000_000, [Reached.WARNED, Reached.SPENT]),
    "more than all": (9_000_000, [Reached.WARNED, Reached.SPENT]),
}


@pytest.mark.parametrize(("spent", "found"), REACHED.values(), ids=REACHED.keys())
def test_what_is_reached_is_told_in_order(spent: int, found: list[Reached]) -> None:
    assert reached(spent, BUDGET) == found


ORDERS = {
    "the dear way first, as the contact has it": (["sms", "zalo"], ["zalo", "sms"]),
    "the cheap way is first already": (["zalo", "sms"], ["zalo", "sms"]),
    "what costs nothing is before all": (["sms", "zalo", "mail"], ["mail", "zalo", "sms"]),
    "equal ways stay as they are": (["apprise", "mail"], ["apprise", "mail"]),
    "a price that nobody has told is the dearest": (["twilio", "sms"], ["sms", "twilio"]),
    "a way of a newer version is the dearest": (["pigeon", "sms"], ["sms", "pigeon"]),
    "one way stays": (["sms"], ["sms"]),
}


@pytest.mark.parametrize(("channels", "ordered"), ORDERS.values(), ids=ORDERS.keys())
def test_the_cheapest_way_goes_first_and_none_is_lost(channels: list[str], ordered: list[str]) -> None:
    assert cheapest_first(channels, BUDGET) == ordered


HOURS = [
    (5, 59, False),
    (6, 0, True),
    (12, 0, True),
    (21, 59, True),
    (22, 0, False),
    (2, 0, False),
]


@pytest.mark.parametrize(("hour", "minute", "expected"), HOURS)
def test_at_night_the_order_stays_because_a_cheaper_way_may_not_ring(
    hour: int, minute: int, expected: bool
) -> None:
    at = datetime.fromisoformat(f"2025-11-01T{hour:02d}:{minute:02d}:00+07:00")

    assert saves(3_000_000, BUDGET, at) is expected


def test_while_there_is_money_nothing_is_changed() -> None:
    assert not saves(2_999_999, BUDGET, NOON)


@pytest.mark.parametrize("what", Reached)
def test_what_is_told_is_one_sms_with_the_sums_and_the_month(what: Reached) -> None:
    text = told(what, 123_456_789, Budget(100_000_000), date(2025, 11, 1))

    assert septets(text.sms) <= SINGLE
    assert "11/2025" in text.sms
    assert "123.456.789 trong 100.000.000 dong, 123 %" in text.sms


def test_the_words_say_that_level_3_is_sent_as_always() -> None:
    text = told(Reached.SPENT, 3_000_000, BUDGET, date(2025, 11, 1))

    assert "Muc 3 van gui nhu thuong" in text.sms
    assert text.fields["muc"] == "Hết tiền"


SENTENCES = [(0, None), (2_400_000, "sắp hết"), (3_000_000, "đã hết")]


@pytest.mark.parametrize(("spent", "word"), SENTENCES)
def test_the_list_of_troubles_names_what_is_reached(spent: int, word: str | None) -> None:
    found = sentence(spent, BUDGET)

    assert (found is None) is (word is None)
    assert word is None or (found is not None and word in found[0])


def test_a_way_that_costs_nothing_needs_no_price() -> None:
    assert {code for code, row in CHANNELS.items() if not row.costs} == {
        Channel.HOOK,
        Channel.MAIL,
        Channel.APPRISE,
    }
