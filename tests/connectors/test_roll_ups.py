"""Buckets of people and money are what the rows say, whatever came late or went, rolled up or not yet."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, LiteralString

import psycopg
import pytest

from connectors import commune
from connectors.settings import ROOT
from connectors.timescale.connection import Store
from connectors.timescale.housekeeper import maintain
from connectors.timescale.reference import load
from infra.run.migrations.runner import Capability
from models.payments.shares import Paid, shares
from tests.builders import START_MS, at
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

START = at(START_MS).replace(minute=0)
NOW = START + timedelta(days=3)
ZONES = (("cho-quang-tho", "people/san-cho"), ("duong-la-van", "people/mat-duong"))
EXAMPLE = commune.load(ROOT / "infra" / "commune")


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (no secret)


@pytest.fixture(scope="module", params=[Capability.APACHE, Capability.POSTGRESQL])
def store(
    request: pytest.FixtureRequest, server_dsn: str, secrets: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """The DSNs of writer and reader."""
    with empty_store(server_dsn, secrets, f"roll_{request.param.value}", request.param) as admin:
        load(admin, EXAMPLE)
        yield as_role(admin, secrets, "writer"), as_role(admin, secrets, "reader")


@pytest.fixture
def db(store: tuple[str, str]) -> Iterator[psycopg.Connection]:
    """The writer's connection on a store without rows."""
    with psycopg.connect(store[0], autocommit=True) as connection:
        for table in ("observation", "payment", "payment_return", "payment_same"):
            connection.execute(f"delete from {table}".encode())
        yield connection


def _counts(dice: random.Random, number: int) -> list[tuple[Any, ...]]:
    """Counts at seconds of a day and a half; one in ten is unknown."""
    return [
        (START + timedelta(seconds=dice.randrange(36 * 3600)), *dice.choice(ZONES), float(dice.randrange(40)),
         "people", 1 if dice.random() < 0.9 else 2, i, START)
        for i in range(number)
    ]  # fmt: skip


INSERT: LiteralString = (
    "insert into observation (at, station, parameter, value, unit, flag, seq, received_at)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def _insert(db: psycopg.Connection, rows: list[tuple[Any, ...]]) -> None:
    with db.transaction(), db.cursor() as cursor:
        cursor.executemany(INSERT, rows)


WINDOWS = {
    "a quarter of an hour, from the rows": (timedelta(hours=7), timedelta(minutes=15), "10 seconds"),
    "a day, ends within five minutes": (timedelta(hours=12, minutes=3), timedelta(hours=24), "1 minute"),
    "a day, ends at five minutes": (timedelta(0), timedelta(hours=24, minutes=35), "5 minutes"),
    "ten minutes wished for": (timedelta(hours=1), timedelta(hours=25, seconds=17), "10 minutes"),
    "hours, ends within one": (timedelta(hours=2, minutes=20), timedelta(hours=20, minutes=47), "1 hour"),
    "hours, ends at one": (timedelta(hours=2), timedelta(hours=20), "1 hour"),
    "a month": (timedelta(days=-28), timedelta(days=30), "1 minute"),
    "a year": (timedelta(days=-300), timedelta(days=302), "1 minute"),
}


def _by_hand(
    db: psycopg.Connection, since: datetime, until: datetime, step: timedelta
) -> list[tuple[Any, ...]]:
    """The buckets from the rows, without any of the functions."""
    zero = datetime.fromisoformat("2000-01-01T00:00:00+07:00")
    first = zero + (since - zero) // step * step
    rows = db.execute(
        "select at, station, parameter, value, flag from observation where at >= %s and at <= %s",
        [first, until],
    ).fetchall()
    found: dict[tuple[Any, ...], list[tuple[float, int]]] = defaultdict(list)
    for stamp, station, parameter, value, flag in rows:
        found[zero + (stamp - zero) // step * step, station, parameter].append((value, flag))
    made = []
    for (stamp, camera, parameter), values in sorted(found.items()):
        good = [value for value, flag in values if flag == 1]
        figures = (min(good), sum(good) / len(good), max(good)) if good else (None, None, None)
        made.append(
            (stamp, camera, parameter.removeprefix("people/"), *figures, len(good), len(values) - len(good))
        )
    return made


def _asked(db: psycopg.Connection, since: datetime, until: datetime, width: str) -> list[tuple[Any, ...]]:
    return db.execute(
        "select at, camera, zone, low, mean, high, count, unknown from people_buckets(%s, %s, %s::interval)",
        [since, until, width],
    ).fetchall()


def _assert_alike(db: psycopg.Connection, when: str) -> None:
    for name, (after, span, width) in WINDOWS.items():
        since, until = START + after, START + after + span
        row = db.execute("select people_width(%s, %s, %s::interval)", [since, until, width]).fetchone()
        assert row is not None
        assert _asked(db, since, until, width) == _by_hand(db, since, until, row[0]), f"{when}: {name}"


def test_buckets_of_people_are_what_the_rows_say_before_and_after_the_roll_up(
    db: psycopg.Connection, store: tuple[str, str]
) -> None:
    dice, keeper = _dice(1), Store(store[0])
    _insert(db, _counts(dice, 3000))
    _assert_alike(db, "nothing rolled up")
    assert maintain(keeper, NOW) > 0
    _assert_alike(db, "rolled up")
    assert db.execute("select count(*) from dirty_people").fetchone() == (0,)

    _insert(db, _counts(dice, 200))
    _assert_alike(db, "late rows")
    maintain(keeper, NOW)
    _assert_alike(db, "late rows rolled up")

    db.execute("delete from observation where seq %% 7 = 0 and at < %s", [START + timedelta(hours=9)])
    db.execute(
        "delete from observation where at >= %s and at < %s",
        [START + timedelta(hours=14), START + timedelta(hours=16)],
    )
    db.execute("update observation set flag = 2 where seq %% 11 = 0", [])
    _assert_alike(db, "rows gone and changed")
    maintain(keeper, NOW)
    _assert_alike(db, "that rolled up")


def test_what_was_rolled_up_stays_when_the_readings_are_forgotten(
    db: psycopg.Connection, store: tuple[str, str]
) -> None:
    keeper = Store(store[0])
    _insert(db, _counts(_dice(2), 500))
    maintain(keeper, NOW)
    before = db.execute("select count(*), sum(total) from people_1h").fetchone()
    maintain(keeper, START + timedelta(days=420))

    assert db.execute(
        "select count(*) from observation where at < %s", [START + timedelta(days=10)]
    ).fetchone() == (0,)
    assert db.execute("select count(*), sum(total) from people_1h").fetchone() == before


def test_buckets_of_one_camera_are_its_own(db: psycopg.Connection) -> None:
    _insert(db, _counts(_dice(3), 500))
    found = db.execute(
        "select distinct camera, camera_name, zone_name from people_buckets(%s, %s, '1 hour', %s)",
        [START, NOW, ["duong-la-van"]],
    ).fetchall()

    assert found == [("duong-la-van", "Camera đường La Vân", "Mặt đường")]


def test_a_mark_that_a_writer_holds_is_left_and_not_lost(
    db: psycopg.Connection, store: tuple[str, str]
) -> None:
    keeper = Store(store[0])
    row = (START, *ZONES[0], 5.0, "people", 1, 1, START)
    _insert(db, [row])
    with psycopg.connect(store[0]) as other:
        other.execute(INSERT, (START + timedelta(seconds=1), *ZONES[0], 9.0, "people", 1, 2, START))
        maintain(keeper, NOW)
        other.commit()
    _assert_alike(db, "the writer's row shows at once")
    maintain(keeper, NOW)

    assert db.execute("select high, count from people_5m").fetchall() == [(9.0, 2)]


def _payments(dice: random.Random, first: int, number: int) -> list[tuple[Any, ...]]:
    fees = [None, *EXAMPLE.fees]
    found = []
    for i in range(first, first + number):
        fee, stall = dice.choice(fees), dice.choice([None, *EXAMPLE.stalls])
        merchant = fee.merchant if fee else stall.merchant if stall else dice.choice(EXAMPLE.merchants).code
        stamp = START + timedelta(seconds=dice.randrange(3 * 86400))
        found.append((
            dice.choice(["payos", "sepay"]), f"p{i}", stamp, stamp, dice.randrange(1, 100) * 1000, merchant,
            fee.code if fee else None, None if fee or not stall else stall.code, dice.choice(EXAMPLE.hamlets).code,
            dice.choice([None, f"HO{dice.randrange(40):04}"]), None, "", "",
        ))  # fmt: skip
    return found


PAYMENT: LiteralString = (
    "insert into payment (source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
RETURN: LiteralString = (
    "insert into payment_return (source, event, original, what, at, received_at, amount_vnd, merchant)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s)"
)
SAME: LiteralString = (
    "insert into payment_same (source, event, same_source, same_event, what, original, at, received_at, amount_vnd, merchant)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
STANDING: LiteralString = """
select p.at, p.hamlet, p.merchant, p.fee, p.stall, p.household, p.amount_vnd, s.returned_vnd
from payment p, standing(p.amount_vnd, p.source, p.event) s
"""
"""The ledger as it was before there were roll-ups: the function for each payment."""
MONEY_WINDOWS = {
    "all": (timedelta(0), timedelta(days=3)),
    "within hours": (timedelta(hours=5, minutes=20), timedelta(hours=40, minutes=31, seconds=7)),
    "an hour that is not over": (timedelta(hours=5, minutes=20), timedelta(minutes=15)),
    "whole days of Vietnam and parts of two": (timedelta(hours=3), timedelta(hours=60)),
}


def _assert_money_alike(db: psycopg.Connection, when: str) -> None:
    rows = db.execute(STANDING).fetchall()
    for name, (after, span) in MONEY_WINDOWS.items():
        since, until = START + after, START + after + span
        by_hour: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        for stamp, hamlet, merchant, *_, amount, returned in rows:
            if since.replace(minute=0) <= stamp <= until:
                sums = by_hour[stamp.replace(minute=0, second=0), hamlet, merchant]
                sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + amount, sums[2] + returned
        asked = db.execute(
            "select at, hamlet, merchant, payments, amount_vnd, returned_vnd from money_hours(%s, %s)",
            [since, until],
        ).fetchall()
        assert {tuple(row[:3]): list(row[3:]) for row in asked} == dict(by_hour), f"{when}: {name}"
        paid = [Paid(merchant, fee, stall, household) for stamp, _, merchant, fee, stall, household, amount, returned in rows
                if since <= stamp < until and amount > returned]  # fmt: skip
        assert EXAMPLE.payments is not None
        told = {share.name: share.part for share in shares(paid, EXAMPLE.payments)}
        found = db.execute("select name, part from cashless(%s, %s)", [since, until]).fetchall()
        assert dict(found) == told, f"{when}: {name}"
        households = {(hamlet, household) for stamp, hamlet, _, _, _, household, amount, returned in rows
                      if since.replace(minute=0) <= stamp <= until and amount > returned and household}  # fmt: skip
        hamlets = db.execute(
            "select sum(payments), sum(households) from money_hamlets(%s, %s)", [since, until]
        ).fetchone()
        assert hamlets == (sum(one[0] for one in by_hour.values()), len(households)), f"{when}: {name}"


def test_money_by_hour_and_shares_are_what_the_ledger_says_before_and_after_the_roll_up(
    db: psycopg.Connection, store: tuple[str, str]
) -> None:
    dice, keeper = _dice(5), Store(store[0])
    payments = _payments(dice, 0, 600)

    def add(query: LiteralString, rows: list[tuple[Any, ...]]) -> None:
        with db.transaction(), db.cursor() as cursor:
            cursor.executemany(query, rows)

    add(PAYMENT, payments)
    _assert_money_alike(db, "nothing rolled up")
    assert maintain(keeper, NOW) > 0
    _assert_money_alike(db, "rolled up")
    assert db.execute("select count(*) from dirty_money").fetchone() == (0,)

    # Returns of what is known, of what comes later, more than there is, and by the other feed's name.
    later = _payments(dice, 600, 100)
    returned = [*dice.sample(payments, 80), *later[:20]]
    add(RETURN, [(payment[0], f"r{i}", payment[1], dice.choice(["refund", "reversal"]), NOW, NOW,
                  dice.choice([payment[4], payment[4] // 2 + 1, payment[4] * 2]), payment[5]) for i, payment in enumerate(returned)])  # fmt: skip
    _assert_money_alike(db, "returns")
    maintain(keeper, NOW)
    _assert_money_alike(db, "returns rolled up")
    add(PAYMENT, later)
    _assert_money_alike(db, "payments after their returns")
    maintain(keeper, NOW)
    _assert_money_alike(db, "these rolled up")

    twice = dice.sample(payments[100:], 40)
    add(
        RETURN,
        [("casso", f"x{i}", f"c{i}", "refund", NOW, NOW, one[4], one[5]) for i, one in enumerate(twice)],
    )
    maintain(keeper, NOW)
    add(SAME, [("casso", f"c{i}", one[0], one[1], "payment", None, one[2], NOW, one[4], one[5])
               for i, one in enumerate(twice)])  # fmt: skip
    assert db.execute("select count(*) > 0 from dirty_money").fetchone() == (True,)
    _assert_money_alike(db, "a second feed names what is returned")
    maintain(keeper, NOW)
    _assert_money_alike(db, "the second feed rolled up")

    db.execute("delete from payment_same where event like 'c%%1'", [])
    db.execute("delete from payment_return where event like 'r%%2'", [])
    db.execute("delete from payment where event like 'p%%3'", [])
    db.execute(
        "update payment set amount_vnd = amount_vnd + 1, at = at + interval '1 hour' where event like 'p%%7'",
        [],
    )
    _assert_money_alike(db, "rows gone and changed")
    maintain(keeper, NOW)
    _assert_money_alike(db, "that rolled up")


def test_shares_of_all_time_have_no_bounds(db: psycopg.Connection) -> None:
    assert db.execute("select count(*) from cashless('-infinity', 'infinity') where part = 0").fetchone() == (
        3,
    )


def test_the_reader_asks_for_buckets(store: tuple[str, str], db: psycopg.Connection) -> None:
    _insert(db, _counts(_dice(6), 10))
    with psycopg.connect(store[1]) as reader:
        assert sum(one[-1] + one[-2] for one in _asked(reader, START, NOW, "1 day")) == 10
        assert reader.execute("select * from money_hours(%s, %s)", [START, NOW]).fetchall() == []


def test_a_bucket_is_never_so_narrow_that_a_zone_has_many_more_than_300(db: psycopg.Connection) -> None:
    spans = [
        timedelta(minutes=30),
        timedelta(hours=26),
        timedelta(days=8),
        timedelta(days=46),
        timedelta(days=400),
    ]
    widths = []
    for span in spans:
        row = db.execute("select people_width(%s, %s, '1 second')", [START, START + span]).fetchone()
        assert row is not None
        widths.append(row[0])
        assert span / row[0] <= 400

    assert all(one < following for one, following in pairwise(widths))
