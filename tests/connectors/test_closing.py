"""Closing by name in the real store: once over restarts, and not before the topic has been read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from bytewax.outputs import StatefulSinkPartition

from connectors.timescale.alerts import AlertSink, AlertWriter
from connectors.timescale.closing import Closer, ClosingSink
from flows.alerts import Notifying
from models.alerting.alert import AlertChange, Change
from models.alerting.intake import Intake
from models.commune.configuration import Commune
from tests.builders import oxygen_rule
from tests.messages import AT, change, contact, place
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

BEFORE = place([contact("an"), contact("binh"), contact("chi", least_level=3)])
HOUR = timedelta(hours=1)
RENAMED = msgspec.structs.replace(BEFORE, rules=[oxygen_rule()])
TAKEN_OUT = msgspec.structs.replace(BEFORE, stations=BEFORE.stations[1:])
OVER = change(seq=2, change=Change.CLEAR, level=0, previous=2)


@pytest.fixture
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The writer's DSN on an empty store."""
    with empty_store(server_dsn, secrets, "test_closing") as admin:
        yield as_role(admin, secrets, "writer")


def intake(*changes: AlertChange, first: int = 0) -> Intake:
    end = first + len(changes)
    return Intake("alerts", 0, end, len(changes), list(changes), list(range(first, end)), [])


def tell(dsn: str, *changes: AlertChange) -> None:
    writer = AlertWriter(dsn, Notifying(BEFORE))
    writer.write([intake(*changes)])
    writer.close()


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query).fetchall()


def close(dsn: str, now: Commune, ends: dict[int, int] | None = None) -> list[AlertChange]:
    """One start of the flow."""
    closer = Closer(dsn, Notifying(now), {0: 1} if ends is None else ends, lambda: AT)
    found = closer.look()
    assert closer.look() == [], "a start looks once"
    closer.close()
    return found


CHANGES = "select seq, change, level, evidence -> 0 ->> 'vi' from alert_change order by alert, seq"
OPEN = "select count(*)::int from alert where cleared_at is null"
TOLD = "select contact, seq, template_id, state from notification where seq > 1 order by contact"


def test_a_rule_that_is_renamed_closes_its_open_alert_by_name_once_over_restarts(dsn: str) -> None:
    tell(dsn, change())
    assert rows(dsn, OPEN) == [(1,)]

    assert [len(close(dsn, RENAMED)) for _ in range(3)] == [1, 0, 0]
    assert rows(dsn, OPEN) == [(0,)]
    assert rows(dsn, CHANGES) == [(1, "raise", 2, None), (2, "clear", 0, "đóng vì luật không còn")]
    # `chi` hears of level 3 only, so she has heard nothing and hears nothing.
    assert rows(dsn, TOLD) == [("an", 2, "closed", "pending"), ("binh", 2, "closed", "pending")]


def test_a_station_that_is_taken_out_is_named_as_its_messages_named_it(dsn: str) -> None:
    tell(dsn, change())
    close(dsn, TAKEN_OUT)

    assert rows(dsn, CHANGES)[1][3] == "đóng vì trạm Phú Ốc không còn"
    assert [row[0] for row in rows(dsn, TOLD)] == ["an", "binh"]


def test_all_of_a_station_is_one_message_a_contact(dsn: str) -> None:
    rain = change(alert="rain-24h:phu-oc:rain_24h:1", rule="rain-24h", parameter="rain_24h", level=1)
    writer = AlertWriter(dsn, Notifying(BEFORE))
    writer.write([intake(change(), rain)])
    writer.close()

    assert len(close(dsn, TAKEN_OUT, {0: 2})) == 2
    assert rows(dsn, OPEN) == [(0,)]
    assert [row[0] for row in rows(dsn, TOLD)] == ["an", "binh"]


def test_nothing_is_closed_while_its_rule_stands(dsn: str) -> None:
    tell(dsn, change())

    assert close(dsn, BEFORE) == []
    assert rows(dsn, OPEN) == [(1,)]
    assert rows(dsn, TOLD) == []


def part(dsn: str, ends: dict[int, int]) -> StatefulSinkPartition[Any, None]:
    stages = Notifying(RENAMED)
    return ClosingSink(AlertSink(dsn, stages), dsn, stages, ends, lambda: AT).build_part("", "store", None)


def test_an_end_that_was_told_before_the_restart_is_the_alerts_own_end(dsn: str) -> None:
    """The topic still holds it: closing waits until it has been stored, and then there is nothing to close."""
    tell(dsn, change())
    own = part(dsn, {0: 2})
    assert rows(dsn, OPEN) == [(1,)], "not yet"
    own.write_batch([intake(OVER, first=1)])
    own.close()

    assert [row[:3] for row in rows(dsn, CHANGES)] == [(1, "raise", 2), (2, "clear", 0)]
    assert {row[2] for row in rows(dsn, TOLD)} == {"river_clear"}


def test_what_is_told_while_the_topic_is_read_is_closed_after_it(dsn: str) -> None:
    own = part(dsn, {0: 1, 3: 0})
    own.write_batch([intake(change())])
    own.write_batch([intake(first=1)])
    own.close()

    assert rows(dsn, CHANGES) == [(1, "raise", 2, None), (2, "clear", 0, "đóng vì luật không còn")]


def test_a_rule_that_comes_back_is_heard_though_it_counts_from_where_it_was(dsn: str) -> None:
    """Its flow still knows the alert: the next change has the number of our closing, and is no repetition."""
    tell(dsn, change())
    close(dsn, RENAMED)
    worse = change(seq=2, at=AT + HOUR, change=Change.WORSE, level=3, previous=2, value=4.8, limit=4.5)
    over = change(seq=3, at=AT + 2 * HOUR, change=Change.CLEAR, level=0, previous=3, value=1.2, limit=1.3)
    own = part(dsn, {0: 1})
    own.write_batch([intake(worse, first=1)])
    assert rows(dsn, "select level, cleared_at is null from alert") == [(3, True)]
    # After a crash its flow tells both again, the first for the second time.
    own.write_batch([intake(worse, over, first=2)])
    own.close()

    told = [row[:3] for row in rows(dsn, CHANGES)]
    assert told == [(1, "raise", 2), (2, "clear", 0), (3, "worse", 3), (4, "clear", 0)]
    assert rows(dsn, OPEN) == [(0,)]
    chi = "select seq, template_id from notification where contact = 'chi' order by seq"
    assert rows(dsn, chi) == [(3, "river_rise"), (4, "river_clear")]
