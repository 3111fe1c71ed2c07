"""Two village heads who answer by the day's clock; the others do not, so that the ladder is seen too.

What they write goes the whole way: phone, service, callback, topic, store. It is part of a step, so that a slow machine tells the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import psycopg

from infra.rehearsal.demo.steps import Behind
from models.alerting.event import StepKind
from models.commune.configuration import Commune

Db = psycopg.Connection[dict[str, Any]]

ANSWER_AFTER = {
    "head-la-van-ha": {2: timedelta(minutes=12), 3: timedelta(minutes=4)},
    "head-phuoc-yen": {3: timedelta(minutes=6)},
}
"""So long after an event rose to a level each of them writes that he goes."""
WITHIN_S = 30.0

_EVENTS = """
select e.number, e.level, e.risen_at, c.contact, c.code from event e join event_code c on c.event = e.id
where e.closed_at is null and not e.exercise and c.contact = any(%s) order by e.number, c.contact
"""


class People:
    """Whoever has to answer by the end of a step has answered, and the store has it."""

    def __init__(self, db: Db, gateway: str, commune: Commune) -> None:
        """`gateway`: the address of the simulated services. Each answers by the last of his ways, the one for bad days."""
        self._db, self._gateway = db, gateway
        self._ways = {contact.id: str(contact.channels[-1]) for contact in commune.contacts}
        self._said: set[str] = set()

    def behind(self, at: datetime) -> Behind | None:
        """How many answers are still on their way, or that nobody takes one yet."""
        for row in self._db.execute(_EVENTS, (sorted(ANSWER_AFTER.keys() & self._ways.keys()),)).fetchall():
            after = ANSWER_AFTER[row["contact"]].get(row["level"])
            if after is not None and row["risen_at"] + after <= at and not self._answered(row):
                return "dịch vụ tin nhắn giả lập nhận câu trả lời", "the simulated services take an answer"
        stored = self._db.execute(
            "select key from answer where key = any(%s)", (sorted(self._said),)
        ).fetchall()
        left = len(self._said) - len(stored)
        return (f"{left} câu trả lời chưa tới kho", f"{left} answers are not in the store") if left else None

    def _answered(self, row: dict[str, Any]) -> bool:
        """Whether it was taken, once for each rise of an event: told again, it is known by its id."""
        name = f"{row['number']}-{row['contact']}-{round(row['risen_at'].timestamp())}"
        way = self._ways[row["contact"]]
        if f"{way}:{name}" in self._said:
            return True
        told = {"contact": row["contact"], "channel": way, "text": f"{row['code']} 1", "id": name}
        try:
            taken = httpx.post(f"{self._gateway}/_answer", json=told, timeout=WITHIN_S)
        except httpx.TransportError:
            return False
        if taken.is_server_error:  # it, or the intake behind it, was too slow or has just been begun anew
            return False
        taken.raise_for_status()
        self._said.add(f"{way}:{name}")
        return True


def attended(db: Db) -> dict[str, int]:
    """How many steps of each kind the events of the play have had."""
    rows = db.execute("select step, count(*) as n from event_step group by step").fetchall()
    found = {row["step"]: int(row["n"]) for row in rows}
    return {str(kind): found.get(kind, 0) for kind in StepKind}
