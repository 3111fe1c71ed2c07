"""The ledger has each telling once, whatever is replayed, repeated or contradicted; to the đồng."""

from __future__ import annotations

import random

import psycopg
import pytest

from connectors.commune import load
from connectors.settings import ROOT
from connectors.timescale.ledger import LedgerWriter
from connectors.timescale.reference import load as load_reference
from models.payments.event import What
from models.payments.shares import Paid, shares
from models.posting.batch import Posted
from models.posting.post import Shard, post
from tests.builders import START_MS, at
from tests.connectors.test_timescale import _one, admin, level, writer  # noqa: F401 (fixtures)
from tests.payments import event, example, own, records, refund, refused

pytestmark = pytest.mark.integration
OWN = own()
COUNTS = "select next_offset, read, stored, rejected, duplicates from source_offset"


def _day(parts: int) -> list[Posted]:
    """Payments, one told twice, one told with another amount, refunds of which one came first, a forged call."""
    several = [
        refund(50, 3, 7_000),
        *(event(i) for i in range(20)),
        event(4),
        event(5, 99_000),
        refused(),
        b"x",
    ]
    several += [refund(51, 4), refund(52, 4, 1), refund(50, 3, 7_000)]
    size = -(-len(several) // parts)
    shard = Shard()
    return [post(OWN, shard, records(*several[i : i + size], first=i)) for i in range(0, len(several), size)]


def _assert_the_day_is_stored_once(dsn: str) -> None:
    assert _one(dsn, "select count(*), sum(amount_vnd)::bigint from payment") == (20, 20 * 27_000)
    assert _one(dsn, "select count(*), sum(net_vnd)::bigint from ledger") == (
        20,
        20 * 27_000 - 7_000 - 27_000,
    )
    assert _one(dsn, "select state, returned_vnd, excess from ledger where event = '4'") == (
        "refunded",
        27_000,
        1,
    )
    assert _one(dsn, "select state from ledger where event = '3'") == ("partly_refunded",)
    assert _one(dsn, "select count(*) from payment_sealed") == (23,)
    assert _one(dsn, "select array_agg(reason order by reason) from rejected") == (
        ["conflict", "wrong_signature", "wrong_type"],
    )
    assert _one(dsn, COUNTS) == (28, 28, 23, 3, 2)


@pytest.mark.parametrize("start", range(4))
def test_replaying_any_suffix_books_nothing_twice(writer: str, start: int) -> None:  # noqa: F811
    booked = _day(4)
    LedgerWriter(writer).write(booked)
    again = LedgerWriter(writer)
    for part in booked[start:]:
        again.write([part])

    _assert_the_day_is_stored_once(writer)


def test_a_replay_in_other_batches_books_only_what_is_missing(writer: str) -> None:  # noqa: F811
    LedgerWriter(writer).write(_day(4)[:2])
    LedgerWriter(writer).write(_day(3))

    _assert_the_day_is_stored_once(writer)


def test_a_contradiction_keeps_the_first_telling_and_names_both(writer: str) -> None:  # noqa: F811
    LedgerWriter(writer).write(_day(1))

    assert _one(writer, "select amount_vnd from payment where event = '5'") == (27_000,)
    (en,) = _one(writer, "select en from rejected where reason = 'conflict'")
    assert en == "sepay 5: payment, 27000 VND, ve-sinh is known, now told: payment, 99000 VND, ve-sinh"


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
@pytest.mark.parametrize("paid_first", [True, False], ids=["payment first", "refund first"])
def test_one_id_told_as_payment_and_as_refund_is_booked_as_the_first(
    writer: str,  # noqa: F811
    together: bool,
    paid_first: bool,
) -> None:
    several = [event(1), refund(1, 9)] if paid_first else [refund(1, 9), event(1)]
    groups = [several] if together else [several[:1], several[1:]]
    first = 0
    for group in [*groups, [event(1, 5)]]:
        LedgerWriter(writer).write([post(OWN, Shard(), records(*group, first=first))])
        first += len(group)

    assert _one(writer, "select (select count(*) from payment), (select count(*) from payment_return)") == (
        (1, 0) if paid_first else (0, 1)
    )
    assert _one(writer, "select array_agg(reason) from rejected") == (["conflict", "conflict"],)
    assert _one(writer, COUNTS) == (3, 3, 1, 2, 0)


R, V = What.REFUND, What.REVERSAL
STANDINGS = [
    pytest.param([], ("paid", 0, 0), id="no return"),
    pytest.param([(R, 30, 1)], ("partly_refunded", 30, 0), id="a part of it"),
    pytest.param([(R, 30, 1), (R, 70, 2)], ("refunded", 100, 0), id="all of it, in two parts"),
    pytest.param([(V, 100, 1)], ("reversed", 100, 0), id="reversed"),
    pytest.param([(V, 40, 1), (R, 60, 2)], ("reversed", 100, 0), id="a reversal and a refund"),
    pytest.param([(R, 101, 1)], ("paid", 0, 1), id="more than was paid: refused whole"),
    pytest.param([(R, 80, 1), (R, 30, 2), (R, 20, 3)], ("refunded", 100, 1), id="more than is left: refused whole"),
    pytest.param([(R, 80, 2), (R, 30, 1), (R, 20, 3)], ("partly_refunded", 50, 1), id="by their times, not as they came"),
]  # fmt: skip


@pytest.mark.parametrize(("returns", "expected"), STANDINGS)
def test_how_a_payment_of_100_stands(
    writer: str,  # noqa: F811
    returns: list[tuple[What, int, int]],
    expected: tuple[str, int, int],
) -> None:
    """Each return is taken from what is left, by time, then by its id; one greater than the rest is refused."""
    came = [
        refund(10 + i, 1, amount, what=what, at=at(START_MS + second * 1000))
        for i, (what, amount, second) in enumerate(returns)
    ]
    LedgerWriter(writer).write([post(OWN, Shard(), records(event(1, 100), *came))])

    assert _one(writer, "select state, returned_vnd, excess from ledger") == expected


def test_the_order_of_arrival_decides_nothing(writer: str) -> None:  # noqa: F811
    """Random returns of 30 pairs of payments: of each pair the returns came in another order."""
    dice = random.Random(5)  # noqa: S311 (no secret)
    payments, returns = [event(i, 100) for i in range(60)], []
    for i in range(0, 60, 2):
        several = [
            (k, dice.choice([R, V]), dice.randrange(1, 70), at(START_MS + dice.randrange(5) * 1000))
            for k in range(dice.randrange(5))
        ]
        for twin, order in ((i, several), (i + 1, dice.sample(several, len(several)))):
            returns += [refund(1000 + twin * 10 + k, twin, amount, what=what, at=when) for k, what, amount, when in order]  # fmt: skip
    LedgerWriter(writer).write([post(OWN, Shard(), records(*payments, *returns))])
    with psycopg.connect(writer) as connection:
        rows = connection.execute("select event::int, state, returned_vnd, excess from ledger").fetchall()
    found = {number: tuple(standing) for number, *standing in rows}

    assert len(found) == 60
    assert [found[i] for i in range(0, 60, 2)] == [found[i + 1] for i in range(0, 60, 2)]
    assert all(0 <= returned <= 100 for _, returned, _ in found.values())


def test_the_database_counts_shares_as_the_rule_does(writer: str, admin: str) -> None:  # noqa: F811
    load_reference(admin, load(ROOT / "infra" / "commune"))
    several = [
        event(1),
        event(2, content="RAC HO0007"),
        event(3, 50_000, merchant="nuoc-sach", content="NUOC HO0008"),
        event(4, 80_000, merchant="cho-quang-tho", content="SAP01"),
        event(5, 80_000, merchant="cho-quang-tho", content=""),
        event(6, 80_000, merchant="sua-xe-pho-nam-b", content=""),
        refund(7, 2),
    ]
    booked = post(OWN, Shard(), records(*several))
    LedgerWriter(writer).write([booked])
    gone = {"2"}
    paid = [
        Paid(e.merchant, e.fee, e.stall, e.household)
        for e in booked.entries
        if e.what is What.PAYMENT and e.event not in gone
    ]
    with psycopg.connect(writer) as connection:
        rows = connection.execute(
            "select name, part, whole, target from cashless('2020-01-01', '2100-01-01')"
        ).fetchall()

    expected = {(share.name, share.part, share.whole, share.target) for share in shares(paid, example())}
    assert set(rows) == expected


def test_the_screen_cannot_read_what_was_sealed(admin: str, secrets: dict[str, str]) -> None:  # noqa: F811
    reader = psycopg.conninfo.make_conninfo(admin, user="phusa_reader", password=secrets["reader"])
    assert _one(reader, "select count(*) from ledger") == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _one(reader, "select sealed from payment_sealed")
