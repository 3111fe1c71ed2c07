"""A market day's payments: seeded, shaped by the hour, with a truth that adds up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from infra.rehearsal.simulator.market_day import CallKind, MarketDay, build
from models.catalogue.providers import Provider
from models.payments.configuration import MerchantKind
from models.payments.event import What
from tests.payments import example

START = datetime(2026, 10, 13, 17, tzinfo=UTC)
NUMBER = 4000


def day(seed: int = 1) -> MarketDay:
    return build(example(), START, seed, NUMBER)


DAY = day()


def test_the_same_seed_gives_the_same_day() -> None:
    assert day() == DAY
    assert day(2) != DAY


def test_the_truth_is_what_was_told_once_less_what_went_back() -> None:
    first = [call.transfer for call in DAY.calls if call.kind is CallKind.FIRST]
    paid = sum(one.amount_vnd for one in first if one.what is What.PAYMENT)
    back = sum(one.amount_vnd for one in first if one.what is not What.PAYMENT)

    assert sum(DAY.truth.by_merchant.values()) == paid - back == sum(DAY.truth.by_hour.values())


def test_the_shares_of_what_is_wrong_are_as_said() -> None:
    kinds = Counter(call.kind for call in DAY.calls)

    assert 0.035 * NUMBER < kinds[CallKind.AGAIN] < 0.065 * NUMBER
    assert 0.004 * NUMBER < kinds[CallKind.FORGED] < 0.017 * NUMBER
    assert kinds[CallKind.AGAIN] == DAY.truth.repeated
    assert kinds[CallKind.FORGED] == DAY.truth.forged


def test_some_returns_are_told_before_their_payment() -> None:
    sent = {call.transfer.number: call.send_at for call in DAY.calls if call.kind is CallKind.FIRST}
    early = [
        call
        for call in DAY.calls
        if call.transfer.original is not None and call.send_at < sent[call.transfer.original]
    ]
    assert early
    assert all(one.provider is not Provider.PAYOS for one in early)


def test_a_return_is_never_more_than_was_paid() -> None:
    paid = {
        call.transfer.number: call.transfer.amount_vnd for call in DAY.calls if call.kind is CallKind.FIRST
    }

    assert all(
        call.transfer.amount_vnd <= paid[call.transfer.original]
        for call in DAY.calls
        if call.transfer.original is not None
    )


def test_the_market_is_busiest_at_dawn() -> None:
    hours = DAY.truth.by_hour
    shops = {merchant.code for merchant in example().merchants if merchant.kind is MerchantKind.SHOP}

    assert hours[7] > hours[13]
    assert hours[2] < hours[7] / 10
    assert sum(DAY.truth.by_merchant[shop] for shop in shops) > 0
