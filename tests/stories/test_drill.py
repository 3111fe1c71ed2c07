"""A drill beside what is real, on the real store: it changes nothing, and something real of level 3 ends it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest

from connectors.timescale import drills, outbox
from connectors.timescale.alerts import AlertWriter
from flows.alerts import Notifying
from models.alerting.alert import AlertChange
from models.alerting.drill import STOPPED, Drill, alerts_of
from models.alerting.intake import Intake
from models.commune.configuration import Commune
from tests.stories.alerts import HEAD, ROOM, commune, rain, river
from tests.timeline import Alert, Stored, clock, want

pytestmark = pytest.mark.integration

PLACE = commune(HEAD, ROOM)
REAL_RIVER = "CANH BAO LU"


class Played:
    """A drill on a store with a story."""

    def __init__(self, dsn: str, own: Commune = PLACE, **changed: Any) -> None:
        self.dsn, self.story = dsn, Stored(dsn, own)
        self._changed = {"real": True, "contacts": []} | changed

    def begin(self, minute: float = 0) -> Drill:
        with psycopg.connect(self.dsn, autocommit=True) as db:
            return drills.begin(db, "flood", "Lũ đêm", by="an", at=clock(minute), **self._changed)

    def at(self, drill: Drill, minute: float, *changes: AlertChange) -> None:
        """Changes of the drill."""
        head = alerts_of(drill.id)
        self.story.at(
            minute,
            *(msgspec.structs.replace(each, alert=head + each.alert, exercise=True) for each in changes),
        )

    def ask(self, query: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as db:
            return db.execute(query).fetchall()

    def real(self) -> list[tuple[Any, ...]]:
        """All that is real: alerts, their changes, events, messages."""
        return [
            *self.ask("select alert, level, changed_at, cleared_at, event from alert where not exercise order by 1"),
            *self.ask("select c.alert, c.seq, c.level from alert_change c join alert a using (alert) where not a.exercise order by 1, 2"),
            *self.ask("select id, level, risen_at, closed_at from event where not exercise order by 1"),
            *self.ask("select id, state, place, event from notification where not exercise order by 1"),
        ]  # fmt: skip

    def end(self, minute: float) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as db, db.transaction():
            going = drills.going_on(db)
            assert going is not None
            drills.end(db, going, STOPPED, clock(minute))
        self.story.at(minute)


@pytest.fixture
def emptied(dsn: str) -> str:
    """The store without anything that an earlier story left."""
    with psycopg.connect(dsn) as db:
        db.execute(
            "delete from notification; delete from alert_change; delete from alert; delete from event; delete from drill; delete from source_offset"
        )
    return dsn


@pytest.fixture
def played(emptied: str) -> Iterator[Played]:
    made = Played(emptied)
    yield made
    made.story.close()


def test_a_drill_beside_an_open_alert_leaves_it_as_it_was(played: Played) -> None:
    real = river()
    played.story.at(0, real.goes(2, 0))
    before = played.real()
    drill = played.begin(1)
    shown = river()
    played.at(drill, 1, shown.goes(1, 1), rain().goes(1, 1))
    played.at(drill, 20, shown.goes(3, 20))
    played.at(drill, 40, shown.goes(0, 40))
    played.end(50)

    assert played.real() == before


def test_every_text_of_a_drill_says_so_and_news_of_its_place_is_told_though_the_real_river_is_open(
    played: Played,
) -> None:
    played.story.at(0, river().goes(2, 0))
    drill = played.begin(1)
    played.at(drill, 1, river().goes(2, 1))

    want(
        played.story,
        [
            (0, "head", REAL_RIVER),
            (0, "room", REAL_RIVER),
            (1, "head", "DIEN TAP: CANH BAO LU"),
            (1, "room", "DIEN TAP: CANH BAO LU"),
        ],
    )


def test_a_real_alert_of_level_3_ends_the_drill_closes_its_alerts_and_tells_whom_it_told(
    played: Played,
) -> None:
    drill = played.begin(0)
    shown = river()
    played.at(drill, 0, shown.goes(2, 0))
    played.story.at(5, Alert("river:real", value=4.6, limit=4.5).goes(3, 5))
    played.at(drill, 6, shown.goes(3, 6))

    assert played.ask("select count(*) from alert where exercise and cleared_at is null") == [(0,)]
    assert played.ask("select count(*) from event where exercise and closed_at is null") == [(0,)]
    assert played.ask("select vi from drill where ended_at is not null") == [("có cảnh báo thật mức 3",)]
    texts = [(minute, contact, text.partition(":")[0]) for minute, contact, text in played.story.messages]
    assert texts == [
        (0, "head", "DIEN TAP"), (0, "room", "DIEN TAP"),
        (5, "head", "CANH BAO LU"), (5, "head", "DIEN TAP KET THUC"), (5, "room", "CANH BAO LU"), (5, "room", "DIEN TAP KET THUC"),
    ]  # fmt: skip


def test_while_a_real_alert_of_level_3_is_open_no_drill_begins(played: Played) -> None:
    played.story.at(0, Alert("river:real", value=4.6, limit=4.5).goes(3, 0))

    with pytest.raises(drills.DrillError, match="mức 3"):
        played.begin(1)


def test_one_drill_goes_on_at_a_time(played: Played) -> None:
    played.begin(0)

    with pytest.raises(drills.DrillError, match="phusa drill stop"):
        played.begin(1)


def test_of_a_drill_for_some_only_those_are_told(emptied: str) -> None:
    some = Played(emptied, contacts=["room"])
    drill = some.begin(0)
    some.at(drill, 0, river().goes(2, 0))
    some.end(5)
    some.story.close()

    assert {contact for _, contact, _ in some.story.messages} == {"room"}


def test_what_an_ended_drill_left_on_the_topic_is_not_played(played: Played) -> None:
    drill = played.begin(0)
    played.end(1)
    played.at(drill, 2, river().goes(2, 2))

    assert played.story.messages == []
    assert played.ask("select count(*) from alert") == [(0,)]


def test_screens_and_figures_do_not_know_a_drill(played: Played) -> None:
    drill = played.begin(0)
    played.at(drill, 0, river().goes(3, 0))

    assert played.ask("select count(*) from alert where exercise") == [(1,)]
    assert played.ask("select count(*) from open_alerts_at(now() + interval '100 years')") == [(0,)]
    assert played.ask("select count(*) from flood_alarm") == [(0,)]


def test_the_messages_of_a_drill_that_is_not_real_are_marked_so_for_the_sender(emptied: str) -> None:
    drill, change = Played(emptied, real=False).begin(0), river().goes(2, 0)
    head = alerts_of(drill.id)
    writer = AlertWriter(emptied, Notifying(PLACE), now=lambda: clock(0))
    changes = [
        msgspec.structs.replace(change, alert=head + change.alert, exercise=True),
        Alert("river:real").goes(1, 0),
    ]
    writer.write([Intake("alerts", 0, 2, 2, changes, [0, 1], [])])
    writer.close()

    async def claimed() -> list[outbox.Claimed]:
        async with await psycopg.AsyncConnection.connect(emptied, autocommit=True) as db:
            return await outbox.claim(db, 100, now=clock(1))

    found = {(each.alert.startswith(head), each.simulated) for each in asyncio.run(claimed())}
    assert found == {(True, True), (False, False)}


GOES_OUT = [
    pytest.param({}, False, "x", "head", True, id="what is real"),
    pytest.param({"real": False}, True, "drill", "head", False, id="a simulated drill"),
    pytest.param({"real": True}, True, "drill", "head", True, id="a drill by the real gateways"),
    pytest.param({"contacts": ["room"]}, True, "drill", "room", True, id="one of those whom it is for"),
    pytest.param({"contacts": ["room"]}, True, "drill", "head", False, id="whom a ladder calls besides"),
    pytest.param({"contacts": ["room"]}, True, "drill", None, False, id="the public, of a drill for some"),
    pytest.param({}, True, "drill-0:x", "head", False, id="of a drill that nobody knows"),
    pytest.param({}, True, "water:ven-song", "head", False, id="a drill without its name"),
]


@pytest.mark.parametrize(("changed", "exercise", "name", "contact", "out"), GOES_OUT)
def test_what_leaves_this_machine(
    emptied: str, changed: dict[str, Any], exercise: bool, name: str, contact: str | None, out: bool
) -> None:
    made = Played(emptied, **changed)
    drill = made.begin(0)
    own = f"{alerts_of(drill.id)}x" if name == "drill" else name
    with psycopg.connect(emptied) as db:
        assert db.execute("select goes_out(%s, %s, %s)", [exercise, own, contact]).fetchone() == (out,)
    made.story.close()


def test_the_accounting_is_of_this_drill_alone(played: Played) -> None:
    played.story.at(0, river().goes(2, 0))
    drill = played.begin(1)
    played.at(drill, 1, river().goes(2, 1))
    played.end(5)
    with psycopg.connect(played.dsn) as db:
        found = drills.told(db, drill, ["head", "room"])

    assert [(each.contact, each.messages, each.answer) for each in sorted(found, key=lambda one: one.contact)] == [
        ("head", 1, ""), ("room", 1, ""),
    ]  # fmt: skip
