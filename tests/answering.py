"""What the tests of answers share: an event that is open, a contact who was told of it, and what they say."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from connectors.timescale import answers
from models.alerting.event import event_id
from models.alerting.routing import key
from models.alerting.said import Said, Taken
from tests.messages import AT, change

RIVER, MARKET = "water:ven-song", "crowd:cho"


def contact(dsn: str, name: str, *channels: str) -> None:
    """A contact as the configuration is loaded into the store."""
    with psycopg.connect(dsn) as db:
        db.execute(
            "insert into contact values (%s, %s, 'trưởng thôn', '{la-van-ha}', '{river}', %s, 1)",
            [name, f"Trưởng thôn {name.title()}", list(channels or ("zalo", "sms"))],
        )


def event(
    dsn: str, people: dict[str, int], place: str = RIVER, *, level: int = 2, station: str = "Phú Ốc",
    at: datetime = AT, exercise: bool = False,
) -> str:  # fmt: skip
    """An open event of one alert; `people` by the code under which each was told of it. Returns its id."""
    found = event_id(place, at)
    one = change(alert=f"river:{place}", level=level, at=at)
    with psycopg.connect(dsn) as db:
        db.execute(
            "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values (%s, %s, %s, %s, %s, %s, %s)",
            [found, place, at, at, level, level, exercise],
        )
        db.execute(
            "insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, raised_at, changed_at, event)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                one.alert,
                one.rule,
                one.kind,
                one.station,
                one.parameter,
                level,
                level,
                one.value,
                one.unit,
                at,
                at,
                found,
            ],
        )
        db.execute(
            'insert into alert_change (alert, seq, at, change, level, previous, value, "limit") values (%s, 1, %s, %s, %s, 0, %s, %s)',
            [one.alert, at, one.change, level, one.value, one.limit],
        )
        for name, code in people.items():
            db.execute("insert into event_code values (%s, %s, %s, %s)", [name, found, code, at])
            db.execute(
                "insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data,"
                " state, shown, seqs, event, code, place) values (%s, %s, 1, %s, 'river', %s, '{zalo,sms}', 'zalo', 'CANH BAO',"
                " 'river_rise', %s, 'sent', %s, '{1}', %s, %s, %s)",
                [
                    key(one.alert, 1, name),
                    one.alert,
                    name,
                    level,
                    Jsonb({"tram": station}),
                    [one.alert],
                    found,
                    code,
                    place,
                ],
            )
    return found


def close(dsn: str, found: str, at: datetime = AT + timedelta(minutes=20)) -> None:
    """The event is over."""
    with psycopg.connect(dsn) as db:
        db.execute("update event set closed_at = %s, level = 0 where id = %s", [at, found])


def said(text: str, who: str | None = "an", minutes: float = 4, *, way: str = "sms", name: str = "") -> Said:
    """A text of a contact, `minutes` after the event began."""
    return Said(f"{way}:{name or f'{who}-{text}-{minutes}'}", AT + timedelta(minutes=minutes), way, who, text)


def take(dsn: str, *them: Said) -> list[Taken]:
    """Taken one after another, each at the time at which it was said."""

    async def inside() -> list[Taken]:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            return [await answers.take(db, one, one.at) for one in them]

    return asyncio.run(inside())


def rows(dsn: str, query: Any) -> list[tuple[Any, ...]]:
    """What the store says."""
    with psycopg.connect(dsn) as db:
        return db.execute(query).fetchall()


REPLIES = "select contact, channels, sms_text, code, level, shown, seqs, state from notification where step = 'reply' order by created_at"
ANSWERS = "select contact, way, kind, event, level from answer order by id"
STEPS = "select step, contact, level, vi from event_step order by at, key"
NOTES = "select source, what, contact, event from audit order by id"
