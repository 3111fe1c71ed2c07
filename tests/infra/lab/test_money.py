"""The judge of the ledger's fault test: it must say no to a single đồng."""

from __future__ import annotations

from datetime import datetime

import pytest

from connectors import clock
from infra.lab.faults.truth import Expected, Line, Sums, differences
from infra.rehearsal.simulator import market_day
from infra.rehearsal.simulator.market_day import CallKind, ProviderCall
from infra.rehearsal.simulator.webhooks import Transfer
from models.catalogue.providers import Provider
from models.payments.event import What
from tests.payments import example

NOON = datetime(2026, 10, 12, 12, tzinfo=clock.VIETNAM)
RIGHT: dict[Line, Sums] = {("ve-sinh", "paid"): (2, 54_000, 0), ("ve-sinh", "refunded"): (1, 27_000, 27_000)}
WRONG = {
    "a đồng less": ({("ve-sinh", "paid"): (2, 53_999, 0)}, 1),
    "one twice": ({("ve-sinh", "paid"): (3, 81_000, 0)}, 1),
    "another state": ({("ve-sinh", "refunded"): (0, 0, 0), ("ve-sinh", "reversed"): (1, 27_000, 27_000)}, 2),
    "a merchant that nobody paid": ({("uy-ban", "paid"): (1, 1, 0)}, 1),
    "a return of another amount": ({("ve-sinh", "refunded"): (1, 27_000, 26_999)}, 1),
}


def told(
    number: int, amount: int = 90, what: What = What.PAYMENT, original: int | None = None
) -> ProviderCall:
    """Somebody pays for the waste, or gets it back."""
    one = Transfer(number, NOON, amount, "QTR0002", "RAC", what=what, original=original)
    return ProviderCall(NOON, Provider.SEPAY, one, CallKind.FIRST)


def lines(*calls: ProviderCall) -> dict[Line, Sums]:
    """What is expected after `calls`."""
    own = Expected(example())
    assert list(own.told(calls)) == list(calls)
    return own.lines


def test_a_ledger_as_told_has_no_difference() -> None:
    assert differences(RIGHT, dict(RIGHT)) == []


@pytest.mark.parametrize(("changed", "number"), WRONG.values(), ids=WRONG.keys())
def test_a_ledger_that_differs_is_named(changed: dict[Line, Sums], number: int) -> None:
    assert len(differences(RIGHT, RIGHT | changed)) == number


def test_a_missing_line_is_a_difference() -> None:
    (one,) = differences(RIGHT, {("ve-sinh", "paid"): (2, 54_000, 0)})

    assert (one.state, one.expected, one.found) == ("refunded", (1, 27_000, 27_000), None)


@pytest.mark.parametrize(
    ("what", "amount", "state"),
    [
        pytest.param(What.REFUND, 30, "partly_refunded", id="a part"),
        pytest.param(What.REVERSAL, 30, "partly_refunded", id="a part reversed"),
        pytest.param(What.REFUND, 90, "refunded", id="all of it"),
        pytest.param(What.REVERSAL, 90, "reversed", id="all of it, reversed"),
    ],
)
@pytest.mark.parametrize("early", [False, True], ids=["after", "before its payment"])
def test_what_went_back_decides_the_state(what: What, amount: int, state: str, early: bool) -> None:
    both = [told(1), told(2, amount, what, 1)]

    assert lines(*(reversed(both) if early else both)) == {("ve-sinh", state): (1, 90, amount)}


def test_repeated_and_forged_tellings_are_no_money() -> None:
    day = market_day.build(example(), NOON.replace(hour=0), 3, 2_000)
    own = Expected(example())
    passed = list(own.told(day.calls))
    net = {merchant: 0 for merchant, _ in own.lines}
    for (merchant, _), (_, paid, back) in own.lines.items():
        net[merchant] += paid - back

    assert passed == day.calls
    assert net == day.truth.by_merchant
    assert (own.counts["again"], own.counts["forged"]) == (day.truth.repeated, day.truth.forged)
    assert (own.counts["payments"], own.counts["returns"]) == (day.truth.payments, day.truth.returns)


def test_days_with_numbers_of_their_own_share_no_payment() -> None:
    first = market_day.build(example(), NOON, 1, 50)
    second = market_day.build(example(), NOON, 2, 50, first=market_day.FIRST_NUMBER + 2 * 50)
    numbers = [
        {call.transfer.number for call in day.calls if call.kind is CallKind.FIRST} for day in (first, second)
    ]

    assert numbers[0].isdisjoint(numbers[1])
