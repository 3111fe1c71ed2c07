"""What a payment was for, what is odd, and how far the commune is without cash."""

from __future__ import annotations

import pickle

import msgspec
import pytest

from models.alerting.alert import Change
from models.envelope.rejected import Reason
from models.payments.matching import match
from models.payments.shares import Paid, shares
from models.posting.post import LOOKED_AT_MS, Shard, post
from tests.builders import START_MS
from tests.payments import event, example, own, records, refund, refused

OWN = own()

TEXTS = [
    pytest.param("RAC T10 HO0123", "ve-sinh", 27_000, ("rac", None, "HO0123"), id="fee, month, household"),
    pytest.param(
        "HO0123 TIEN RAC", "ve-sinh", 54_000, ("rac", None, "HO0123"), id="two words, another order"
    ),
    pytest.param("SAP03", "cho-quang-tho", 80_000, (None, "qt-03", None), id="a stall by its mark"),
    pytest.param("SAP03", "cho-pho-nam", 80_000, (None, None, None), id="another market's stall is none"),
    pytest.param("HO9999 RAC", "ve-sinh", 27_000, ("rac", None, None), id="no such household"),
    pytest.param("HO0000 RAC", "ve-sinh", 27_000, ("rac", None, None), id="household zero"),
    pytest.param("", "ve-sinh", 27_000, (None, None, None), id="an empty text"),
    pytest.param("NUOC", "ve-sinh", 27_000, (None, None, None), id="another merchant's fee"),
    pytest.param("", "sua-xe-pho-nam-b", 50_000, (None, None, None), id="a shop without fees"),
]


@pytest.mark.parametrize(("text", "merchant", "amount", "expected"), TEXTS)
def test_a_text_names_fee_stall_and_household(
    text: str, merchant: str, amount: int, expected: tuple[str | None, ...]
) -> None:
    found = match(own(), text, merchant, amount)

    assert (found.fee, found.stall, found.household) == expected


def test_a_text_that_names_no_fee_says_so_in_both_languages() -> None:
    found = match(own(), "HO0123", "ve-sinh", 27_000)

    assert (found.vi, found.en) == ("nội dung không nêu khoản nào", "the text names no fee")


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        pytest.param(10_000, "chung-thuc", id="the tariff decides"),
        pytest.param(8_000, "ho-tich", id="the other tariff"),
        pytest.param(18_000, None, id="neither: not guessed"),
    ],
)
def test_of_two_fees_that_fit_the_tariff_decides(amount: int, fee: str | None) -> None:
    found = match(own(), "CHUNG THUC KHAI SINH", "uy-ban", amount)

    assert found.fee == fee
    assert bool(found.en) == (fee is None)
    if fee is None:
        assert found.en == "fits several fees: chung-thuc, ho-tich"


def test_a_stalls_hamlet_goes_before_its_markets() -> None:
    assert match(own(), "SAP07", "cho-quang-tho", 1).hamlet == "phuoc-yen"
    assert match(own(), "", "cho-quang-tho", 1).hamlet == "la-van-ha"


def test_every_record_ends_once() -> None:
    batch = records(
        event(1), b"garbage", refused(2), event(3, merchant="nobody"), event(4, v=2), refund(5, 1)
    )
    done = post(OWN, Shard(), batch)

    assert done.origins == [0, 5]
    assert [(one.offset, one.reason) for one in done.rejected] == [
        (1, Reason.WRONG_TYPE),
        (2, Reason.WRONG_SIGNATURE),
        (3, Reason.UNKNOWN_MERCHANT),
        (4, Reason.WRONG_VERSION),
    ]
    assert [one.payload for one in done.rejected] == [batch.values[i] for i in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"amount_vnd": -1}, id="negative"),
        pytest.param({"amount_vnd": 0}, id="zero"),
        pytest.param({"amount_vnd": 1000.5}, id="fraction"),
        pytest.param({"payer": "84912345678"}, id="a phone in clear"),
        pytest.param({"at": "2026-10-12T07:05:00"}, id="a time without zone"),
    ],
)
def test_a_record_that_the_endpoint_would_never_write_is_rejected(changed: dict[str, object]) -> None:
    plain = msgspec.json.decode(msgspec.json.encode(event()))
    done = post(OWN, Shard(), records(msgspec.json.encode(plain | changed)))

    assert [one.reason for one in done.rejected] == [Reason.WRONG_TYPE]


def test_a_payment_far_above_its_tariff_is_odd() -> None:
    done = post(OWN, Shard(), records(event(1, 27_000 * 80)))

    (change,) = done.changes
    assert (change.change, change.station, change.value, change.limit) == (
        Change.RAISE,
        "ve-sinh",
        2_160_000,
        2_000_000,
    )
    assert change.alert == "odd-payment:ve-sinh:payment:sepay-1"


def test_below_the_least_amount_nothing_is_odd() -> None:
    assert post(OWN, Shard(), records(event(1, 1_999_999))).changes == []


def test_without_a_tariff_what_is_usual_there_decides() -> None:
    shard = Shard()
    usual = [event(i, 150_000, merchant="cho-quang-tho", content="SAP03") for i in range(10)]
    assert post(OWN, shard, records(*usual)).changes == []
    done = post(
        OWN, shard, records(event(99, 3_000_000, merchant="cho-quang-tho", content="SAP03"), first=10)
    )

    assert [change.limit for change in done.changes] == [3_000_000.0]


def test_while_little_is_known_nothing_is_odd() -> None:
    done = post(OWN, Shard(), records(event(1, 900_000_000, merchant="cho-quang-tho", content="")))

    assert done.changes == []


def test_a_repeated_odd_payment_is_the_same_alert() -> None:
    first = post(OWN, Shard(), records(event(1, 9_000_000)))
    again = post(OWN, Shard(), records(event(1, 9_000_000), first=50))

    assert first.changes == again.changes


def test_an_odd_payment_leaves_the_wall_after_a_day() -> None:
    shard: Shard = Shard()
    post(OWN, shard, records(event(0, 9_000_000)))
    early = post(OWN, shard, records(first=1, tick_ms=START_MS + LOOKED_AT_MS - 1))
    late = post(OWN, shard, records(first=1, tick_ms=START_MS + LOOKED_AT_MS))

    assert early.changes == []
    assert [(change.seq, change.change, change.level) for change in late.changes] == [(2, Change.CLEAR, 0)]


def test_the_memory_of_a_partition_survives_a_snapshot() -> None:
    shard = Shard()
    post(OWN, shard, records(*(event(i, 150_000, merchant="cho-quang-tho", content="") for i in range(10))))
    kept: Shard = pickle.loads(pickle.dumps(shard, protocol=5))
    odd = records(event(99, 9_000_000, merchant="cho-quang-tho", content=""), first=10)

    assert post(OWN, kept, odd).changes == post(OWN, shard, odd).changes != []


def test_shares_count_each_household_shop_and_stall_once() -> None:
    paid = [
        Paid("ve-sinh", "rac", None, "HO0001"),
        Paid("ve-sinh", "rac", None, "HO0001"),
        Paid("nuoc-sach", "nuoc", None, "HO0002"),
        Paid("cho-quang-tho", None, "qt-01", None),
        Paid("cho-quang-tho", None, "qt-01", None),
        Paid("sua-xe-pho-nam-b", None, None, None),
    ]
    found = {share.name: (share.part, share.whole) for share in shares(paid, example())}

    assert found == {"public_fees": (1, 1959), "shops": (2, 19), "households": (2, 1959)}
