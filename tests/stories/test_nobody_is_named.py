"""A day of payments goes the whole way, and nowhere stands a payer's name or number in clear."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from connectors import clock
from connectors.commune import load
from connectors.kafka.topics import TOPICS
from connectors.payments import secret_files
from infra.rehearsal.demo.storm import yesterday
from infra.rehearsal.simulator import market_day
from infra.rehearsal.simulator.market_day import NAMES, CallKind
from infra.rehearsal.simulator.teller import CallSender
from infra.rehearsal.simulator.webhooks import event_id
from tests import kafka
from tests.gateways import eventually

if TYPE_CHECKING:
    from connectors.settings import Settings
    from infra.rehearsal.simulator.market_day import MarketDay

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def told(running: Settings) -> tuple[Settings, MarketDay]:
    """Three hundred payments with names, phones, repetitions, forgeries and returns, all booked."""
    payments = load(running.commune).payments
    assert payments is not None
    day = market_day.build(payments, yesterday(clock.system()), 7, 300)
    sender = CallSender(running.payments_port, secret_files.load(running.secrets_dir), clock.system)
    tally = asyncio.run(sender.send(day.calls))
    assert tally.sent == len(day.calls)

    def booked() -> bool:
        return ledger(running, day) == day.truth.by_merchant

    with contextlib.suppress(AssertionError):  # the first test says what is missing
        eventually(booked)
    return running, day


def ledger(settings: Settings, day: MarketDay) -> dict[str, int]:
    """Đồng by merchant, of the day's payments: other tests pay too."""
    events = [event_id(call.provider, call.transfer) for call in day.calls if call.kind is CallKind.FIRST]
    with psycopg.connect(settings.dsn("reader")) as db:
        return dict(
            db.execute(
                "select merchant, sum(net_vnd)::bigint from ledger where event = any(%s) group by 1",
                (events,),
            ).fetchall()
        )


def persons(day: MarketDay) -> re.Pattern[bytes]:
    """Every name and every number of the day's payers, however it is written."""
    phones = {call.transfer.payer for call in day.calls} | {
        "0" + call.transfer.payer[2:] for call in day.calls
    }
    words = [*NAMES, *(name.title() for name in NAMES), *phones]
    return re.compile("|".join(map(re.escape, words)).encode())


def test_the_ledger_is_the_truth(told: tuple[Settings, MarketDay]) -> None:
    settings, day = told
    assert ledger(settings, day) == day.truth.by_merchant


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_no_topic_names_anybody(told: tuple[Settings, MarketDay], topic: str) -> None:
    settings, day = told
    (partitions,) = [one.partitions for one in TOPICS if one.name == topic]
    found = persons(day)

    assert not [
        value for _, value in kafka.everything(settings.bootstrap, topic, partitions) if found.search(value)
    ]


def test_no_log_names_anybody(told: tuple[Settings, MarketDay]) -> None:
    settings, day = told
    logs = [one for one in (settings.var / "logs").rglob("*") if one.is_file()]

    assert any(log.name == "audit.jsonl" and log.stat().st_size for log in logs)
    assert not [log.name for log in logs if persons(day).search(log.read_bytes())]


def test_no_table_and_so_no_dump_names_anybody(told: tuple[Settings, MarketDay]) -> None:
    """Every table as the administrator's dump would write it, bytes as they are."""
    settings, day = told
    found, named, tables = persons(day), [], 0
    with psycopg.connect(settings.dsn("admin")) as db:
        rows = db.execute("select tablename from pg_tables where schemaname = 'phusa'").fetchall()
        for (table,) in rows:
            tables += 1
            for form in ("", " (format binary)"):
                query = sql.SQL("copy (select * from phusa.{}) to stdout" + form).format(
                    sql.Identifier(table)
                )
                with db.cursor() as cursor, cursor.copy(query) as copy:
                    if found.search(b"".join(bytes(part) for part in copy)):
                        named.append(table)
    assert tables > 20
    assert named == []
