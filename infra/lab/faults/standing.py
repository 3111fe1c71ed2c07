"""What stands of answers and ladders in the store and on the phones, for the verdict (attended.py)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import httpx
import psycopg
from psycopg.rows import class_row

from connectors.timescale import ladders
from infra.lab.faults.attended import Answered, Coded, Happened, Rung, Standing, Stepped, Written
from models.alerting.ladder import climb
from models.alerting.reach import ladder_of, reachable
from models.alerting.step import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.settings import Settings
    from connectors.timescale.ladders import Followed
    from models.commune.configuration import Commune

Row = TypeVar("Row", bound=NamedTuple)

_ANSWERS = "select id, key, contact, event, kind from answer"
_STEPS = "select event, key, step, contact, notification from event_step"
_WRITTEN = """
select id, event, contact, step as kind, code, state,
  event is not null and level > 0 and stage is null and (step is null or step in ('call', 'repeat')) as rings
from notification
"""
_EVENTS = """
select e.id, e.closed_at is not null as closed,
  (select count(*) from alert a where a.event = e.id and a.cleared_at is null)::int as open_alerts
from event e
"""
_CODES = "select contact, event, code from event_code"
_ALONE = """
select a.alert from alert a where a.event is null
  and exists (select from alert_change c where c.alert = a.alert and c.level > 0 and not c.over) order by a.alert
"""
"""What came when it was over already opens no event (models/alerting/gather.py)."""


def standing(settings: Settings, commune: Commune, now: datetime) -> Standing:
    """All that stands; `now`: the platform's time up to which the ladders must have climbed."""
    with psycopg.connect(settings.dsn("writer")) as db:
        answers, steps = _rows(db, _ANSWERS, Answered), _rows(db, _STEPS, Stepped)
        written, events = _rows(db, _WRITTEN, Written), _rows(db, _EVENTS, Happened)
        codes = _rows(db, _CODES, Coded)
        alone = [str(alert) for (alert,) in db.execute(_ALONE)]
    messages = httpx.get(f"{settings.gateway_url}/_messages").raise_for_status().json()
    rung = [Rung(message["channel"], message["key"]) for message in messages]
    return Standing(answers, steps, written, events, codes, rung, alone, due(settings, commune, now))


def due(settings: Settings, commune: Commune, now: datetime) -> list[str]:
    """The steps that are due by `now` and were not taken: the event and the step's key."""
    routing = commune.routing
    levels = {level for ladder in routing.ladders for level in ladder.levels} if routing else set[int]()
    found = []
    for one in asyncio.run(_followed(settings, levels, now)):
        stands = [change for change in one.changes if change.level > 0]
        steps = climb(
            one.event,
            ladder_of(one.event, stands, routing),
            one.told,
            one.answers,
            one.steps,
            reachable(stands, commune),
            routing.rota if routing else [],
            now,
        ).steps
        # Of the end nobody is told whom no call has reached: the step is not taken (flows/attending.py).
        found += [f"{one.event.id} {step.key}" for step in steps if step.message is not Message.ENDED]
    return found


async def _followed(settings: Settings, levels: set[int], now: datetime) -> list[Followed]:
    async with await psycopg.AsyncConnection.connect(settings.dsn("writer")) as db:
        return await ladders.followed(db, levels, now)


def _rows(db: psycopg.Connection[Any], query: Any, kind: type[Row]) -> Sequence[Row]:
    with db.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query).fetchall()
