"""From the provider's call to the line of the ledger: real endpoint, real rules, real database."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from connectors.timescale.ledger import LedgerWriter
from infra.rehearsal.simulator.webhooks import Webhook
from infra.run.migrations.runner import Capability
from models.catalogue.providers import Provider
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.payments.body import LOCAL, VIETNAM
from models.payments.event import What
from models.payments.matching import catalogue
from models.payments.providers import casso, payos
from models.posting.post import Shard, post
from tests.connectors.test_payments import Place, succeeded
from tests.connectors.test_timescale import _one, admin, writer  # noqa: F401 (fixtures)
from tests.models.payments.test_providers import vnpay_call
from tests.payments import example
from tests.webhooks import ACCOUNT, NOW, PAYMENTS, SECRETS, sent

pytestmark = pytest.mark.integration
SOURCES = "select source, amount_vnd from payment order by received_at, source, event"
REASONS = "select coalesce(array_agg(reason order by reason), '{}') from rejected"
FOR_A_PERSON = (
    "select at, source, event, merchant, amount_vnd, vi, en from money_for_a_person order by at, event"
)


@pytest.fixture
def level() -> Capability:
    """The ledger's tables are the same at every level."""
    return Capability.POSTGRESQL


class Books:
    """An endpoint and the ledger behind it; every call is booked in the order in which it is sent."""

    def __init__(self, folder: Path, dsn: str, payments: Any = PAYMENTS) -> None:
        self.place, self.dsn = Place(folder, payments), dsn
        self._own, self._shard = catalogue(payments), Shard()
        self._read = 0
        self._next: dict[int, int] = {}

    def send(self, *calls: Webhook, together: bool = False) -> None:
        """All answered as success and booked: in one transaction, or one each."""
        for group in [calls] if together else [[call] for call in calls]:
            assert all(succeeded(one) for one in self.place.send(*group))
            self._book()

    def _book(self) -> None:
        booked = []
        for key, value in self.place.kept.records[self._read :]:
            partition = partition_of(key)
            offset = self._next.get(partition, 0)
            self._next[partition] = offset + 1
            raw = RawBatch("payments", partition, [offset], [value], [key.encode()], [0], offset + 1)
            booked.append(post(self._own, self._shard, raw))
        self._read = len(self.place.kept.records)
        LedgerWriter(self.dsn).write(booked)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def books(tmp_path: Path, writer: str) -> Books:  # noqa: F811
    return Books(tmp_path, writer)


def payos_order(order: int, account: str, amount_vnd: int, reference: str, **changed: Any) -> Webhook:
    """An order that was paid."""
    one = sent(Provider.PAYOS, number=order, account=account, amount_vnd=amount_vnd)
    body = json.loads(one.body)
    body["data"] |= {"reference": reference} | changed
    body["signature"] = payos.sign(body["data"], SECRETS[Provider.PAYOS])
    return replace(one, body=json.dumps(body).encode())


def casso_call(number: int, reference: str, **changed: Any) -> Webhook:
    """Casso's telling of a transfer with the bank's `reference`."""
    at = changed.pop("at", NOW)
    one = sent(Provider.CASSO, number=number, **changed)
    body = json.loads(one.body)
    body["data"] |= {
        "reference": reference,
        "transactionDateTime": at.astimezone(VIETNAM).strftime(LOCAL),
    }
    signed = casso.sign(str(round(NOW.timestamp() * 1000)), body, SECRETS[Provider.CASSO])
    return replace(one, body=json.dumps(body).encode(), headers=one.headers | {casso.SIGNATURE: signed})


def sepay_call(number: int, **changed: Any) -> Webhook:
    """SePay's; the simulator's reference is FT and the number."""
    return sent(Provider.SEPAY, number=number, **changed)


@pytest.mark.parametrize("together", [True, False], ids=["one transaction", "two transactions"])
def test_two_orders_with_one_reference_of_payos_are_both_booked(
    tmp_path: Path,
    writer: str,  # noqa: F811
    *,
    together: bool,
) -> None:
    books = Books(tmp_path, writer, example())
    one, two = "TF261012140500", "TF261012140500"
    books.send(
        payos_order(1001, "QTR0003", 27_000, one),
        payos_order(1002, "QTR0010", 150_000, two),
        together=together,
    )

    assert books.rows("select merchant, amount_vnd from payment order by 2") == [
        ("nuoc-sach", 27_000),
        ("nha-thuoc-luong-co", 150_000),
    ]
    assert _one(books.dsn, REASONS) == ([],)


@pytest.mark.parametrize("together", [True, False], ids=["one transaction", "two transactions"])
@pytest.mark.parametrize("remembered", [True, False], ids=["same process", "after a restart"])
def test_one_sepay_id_with_another_amount_is_a_conflict(
    books: Books, tmp_path: Path, *, together: bool, remembered: bool
) -> None:
    books.send(sepay_call(1), sepay_call(1, amount_vnd=99_000), together=together)
    if not remembered:
        again = Books(tmp_path, books.dsn)
        again._next = dict(books._next)
        books = again
    # Both tellings again, as SePay repeats them.
    books.send(sepay_call(1, amount_vnd=99_000), sepay_call(1))

    assert books.rows(SOURCES) == [("sepay", 27_000)]
    reasons = {one for (one,) in books.rows("select reason from rejected")}
    assert reasons == {"conflict"}
    (vi, en) = _one(books.dsn, "select vi, en from money_for_a_person limit 1")
    assert en == "sepay 1: payment, 27000 VND, ve-sinh is known, now told: payment, 99000 VND, ve-sinh"
    assert "99000" in str(vi)


OTHERWISE = {
    "another text": {"content": "SAP12"},
    "another time": {"at": NOW.replace(hour=6)},
    "another payer": {"payer": "84912000009"},
}


@pytest.mark.parametrize("changed", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_one_casso_id_with_the_same_amount_and_something_else_is_a_conflict(
    books: Books, changed: dict[str, Any]
) -> None:
    books.send(casso_call(1, "FT1"), casso_call(1, "FT1", **changed))

    assert len(books.rows(SOURCES)) == 1
    (en,) = _one(books.dsn, "select en from rejected where reason = 'conflict'")
    assert str(en).endswith("; another account, text, payer or time")


@pytest.mark.parametrize("together", [True, False], ids=["one transaction", "one each"])
@pytest.mark.parametrize("sepay_first", [True, False], ids=["SePay first", "Casso first"])
def test_one_transfer_told_by_two_feeds_is_booked_once(
    books: Books, *, together: bool, sepay_first: bool
) -> None:
    two = [sepay_call(7), casso_call(5001, "ft 7")]
    books.send(*(two if sepay_first else reversed(two)), together=together)
    # And each again.
    books.send(*two)

    assert _one(books.dsn, "select count(*), sum(net_vnd)::bigint from ledger") == (1, 27_000)
    assert _one(books.dsn, "select count(*) from payment_same") == (1,)
    assert _one(books.dsn, "select count(*) from payment_sealed") == (2,)
    assert _one(books.dsn, REASONS) == ([],)
    assert _one(books.dsn, "select sum(read), sum(stored), sum(duplicates) from source_offset") == (2, 2, 0)


def test_the_second_feeds_telling_is_held_against_its_own_repetitions(books: Books) -> None:
    books.send(sepay_call(7), casso_call(5001, "FT7"), casso_call(5001, "FT7", content="other"))

    assert _one(books.dsn, "select count(*) from payment") == (1,)
    assert _one(books.dsn, REASONS) == (["conflict"],)


def test_another_amount_under_one_reference_is_another_transfer(books: Books) -> None:
    books.send(sepay_call(7), casso_call(5001, "FT7", amount_vnd=28_000))

    assert sorted(books.rows(SOURCES)) == [("casso", 28_000), ("sepay", 27_000)]


ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("order", random.Random(3).sample(ORDERS, 4), ids=str)  # noqa: S311 (no secret)
@pytest.mark.parametrize("together", [True, False], ids=["one transaction", "one each"])
def test_two_equal_transfers_of_a_second_told_by_two_feeds_are_two(
    books: Books, order: tuple[int, ...], *, together: bool
) -> None:
    """A reference that is a time in seconds: the same for two people who pay the same at once."""
    one = "TF261012140500"
    calls = [
        payos_order(1, ACCOUNT, 27_000, one),
        payos_order(2, ACCOUNT, 27_000, one),
        casso_call(5001, one),
        casso_call(5002, one),
    ]
    books.send(*(calls[i] for i in order), together=together)

    assert _one(books.dsn, "select count(*), sum(amount_vnd)::bigint from payment") == (2, 54_000)
    assert _one(books.dsn, "select count(*) from payment_same") == (2,)


@pytest.mark.parametrize("order", random.Random(4).sample(ORDERS, 8), ids=str)  # noqa: S311 (no secret)
def test_a_refund_told_by_two_feeds_goes_back_once_whatever_comes_first(
    books: Books, order: tuple[int, ...]
) -> None:
    """The office writes SePay's number; Casso tells it, too, and its own feed has no such payment."""
    back = {"what": What.REFUND, "original": 7, "amount_vnd": 7_000}
    calls = [
        sepay_call(7),
        casso_call(5001, "FT7"),
        sepay_call(9, **back),
        casso_call(5002, "FT9", **back),
    ]
    books.send(*(calls[i] for i in order))

    assert books.rows("select amount_vnd, returned_vnd, state, excess from ledger") == [
        (27_000, 7_000, "partly_refunded", 0)
    ]
    assert _one(books.dsn, "select count(*) from waiting_return") == (0,)
    assert books.rows(FOR_A_PERSON) == []


def test_a_refund_that_names_the_other_feeds_number_finds_its_payment(books: Books) -> None:
    books.send(
        sepay_call(7), casso_call(5001, "FT7"), casso_call(5002, "FT9", what=What.REFUND, original=5001)
    )

    assert books.rows("select source, returned_vnd, state from ledger") == [("sepay", 27_000, "refunded")]
    assert _one(books.dsn, "select count(*) from waiting_return") == (0,)


def test_money_taken_by_vnpay_and_not_paid_is_kept_for_a_person(books: Books) -> None:
    books.send(vnpay_call(vnp_ResponseCode="07", vnp_TransactionStatus="07"))
    shown = [row[1:5] for row in books.rows(FOR_A_PERSON)]
    (words,) = _one(books.dsn, "select en from money_for_a_person")
    # VNPay finds it good after all.
    books.send(vnpay_call())

    assert shown == [("vnpay", "92704:07.07:27000", "ve-sinh", 27_000)]
    assert words == "VNPay 07/07: money taken, suspected of fraud, not paid"
    assert books.rows(SOURCES) == [("vnpay", 27_000)]
    assert books.rows(FOR_A_PERSON) == []
    assert _one(books.dsn, "select count(*) from payment_held") == (1,)


def test_a_refund_that_the_bank_refused_stays_for_a_person(books: Books) -> None:
    books.send(vnpay_call())
    books.send(vnpay_call(vnp_TransactionStatus="09"))

    assert [row[2] for row in books.rows(FOR_A_PERSON)] == ["92704:09.00:27000"]


def test_taken_at_the_bank_and_never_paid_is_kept_for_a_person(books: Books) -> None:
    books.send(vnpay_call(vnp_TransactionStatus="04", vnp_ResponseCode="00"))

    assert [row[2:5] for row in books.rows(FOR_A_PERSON)] == [("92704:04:27000", "ve-sinh", 27_000)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_two_feeds_books_the_truth_to_the_dong(books: Books, seed: int) -> None:
    """Forty transfers of few amounts, half of the references shared by two; told by one feed, or both, or twice."""
    dice = random.Random(seed)  # noqa: S311 (no secret)
    calls: list[Webhook] = []
    truth = 0
    for i in range(1, 41):
        amount = dice.choice([27_000, 50_000])
        changed: dict[str, Any] = {"amount_vnd": amount}
        feeds = dice.choice(["sepay", "casso", "both"])
        truth += amount
        if feeds != "casso":
            calls += [sepay_call(i, **changed)] * dice.choice([1, 2])
        if feeds != "sepay":
            calls += [casso_call(9000 + i, f"FT{i}", **changed)] * dice.choice([1, 2])
    dice.shuffle(calls)
    for first in range(0, len(calls), 9):
        books.send(*calls[first : first + 9], together=True)

    assert _one(books.dsn, "select count(*), sum(net_vnd)::bigint from ledger") == (40, truth)
    assert _one(books.dsn, REASONS) == ([],)


def test_the_screen_reads_what_needs_a_person(books: Books, admin: str, secrets: dict[str, str]) -> None:  # noqa: F811
    books.send(vnpay_call(vnp_TransactionStatus="07"), sepay_call(1), sepay_call(1, amount_vnd=5))
    reader = psycopg.conninfo.make_conninfo(admin, user="phusa_reader", password=secrets["reader"])

    assert _one(reader, "select count(*) from money_for_a_person") == (2,)


def test_what_was_booked_before_there_were_digests_is_held_against_amount_payee_and_kind(
    books: Books,
) -> None:
    with psycopg.connect(books.dsn) as connection:
        connection.execute(
            "insert into payment (source, event, at, received_at, amount_vnd, merchant, hamlet, vi, en)"
            " values ('sepay', '1', now(), now(), 27000, 've-sinh', 'la-van-ha', '', '')"
        )
    books.send(sepay_call(1), sepay_call(1, amount_vnd=28_000))

    assert books.rows(SOURCES) == [("sepay", 27_000)]
    assert _one(books.dsn, REASONS) == (["conflict"],)


def test_records_of_the_topic_without_digests_are_still_read(books: Books) -> None:
    books.place.send(sepay_call(1))
    key, value = books.place.kept.records[0]
    old = {
        name: one
        for name, one in msgspec.json.decode(value).items()
        if name not in {"told", "transfer", "vi", "en"}
    }
    books.place.kept.records[0] = key, msgspec.json.encode(old)
    books._book()

    assert books.rows(SOURCES) == [("sepay", 27_000)]
