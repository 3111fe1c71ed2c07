"""The ledger has each telling once, whatever is replayed, repeated or contradicted; to the đồng."""

from __future__ import annotations

import random

import psycopg
import pytest

from connectors.commune import load
from connectors.settings import ROOT
from connectors.timescale.ledger import LedgerWriter
from connectors.timescale.reference import load as load_reference
from models.payments.batch import Posted
from models.payments.event import What
from models.payments.ledger import Return, standing
from models.payments.posting import Shard, post
from models.payments.shares import Paid, shares
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


def test_the_database_reckons_as_the_rule_does(writer: str) -> None:  # noqa: F811
    """Random returns of one payment: the SQL function and models/payments/ledger.py agree."""
    dice = random.Random(5)  # noqa: S311 (no secret)
    several = [event(i, 100) for i in range(60)]
    returns = []
    for i in range(60):
        for k in range(dice.randrange(5)):
            what = dice.choice([What.REFUND, What.REVERSAL])
            returns.append(refund(1000 + i * 10 + k, i, dice.randrange(1, 70), what=what,
                                  at=at(START_MS + dice.randrange(5) * 1000)))  # fmt: skip
    LedgerWriter(writer).write([post(OWN, Shard(), records(*several, *returns))])
    with psycopg.connect(writer) as connection:
        rows = connection.execute("select event, state, returned_vnd, excess from ledger").fetchall()
    expected = {}
    for one in several:
        back = [
            Return(round(r.at.timestamp() * 1000), r.event, r.what, r.amount_vnd)
            for r in returns
            if r.original == one.event
        ]
        found = standing(100, back)
        expected[one.event] = (found.state.value, found.returned_vnd, len(found.excess))

    assert {event: (state, returned, excess) for event, state, returned, excess in rows} == expected


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

    expected = {(one.name, one.part, one.whole, one.target) for one in shares(paid, example())}
    assert set(rows) == expected


def test_the_screen_cannot_read_what_was_sealed(admin: str, secrets: dict[str, str]) -> None:  # noqa: F811
    reader = psycopg.conninfo.make_conninfo(admin, user="phusa_reader", password=secrets["reader"])
    assert _one(reader, "select count(*) from ledger") == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _one(reader, "select sealed from payment_sealed")
