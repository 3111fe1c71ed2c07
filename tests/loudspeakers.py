"""A store of its own with the simulated players, for what the loudspeakers say: events rise, drill and end, the announcer works, the command line speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import psycopg
from typer.testing import CliRunner, Result

from connectors.clock import system
from connectors.loudspeaker.player import open_players
from connectors.settings import Settings
from connectors.timescale import drills
from connectors.timescale.alerts import insert_changes
from flows.announcing import Announcing
from infra.run.cli import announce
from models.alerting.alert import AlertChange
from models.alerting.drill import marked
from models.commune.configuration import Commune
from tests.gateways import HANG_S
from tests.messages import AT
from tests.models.cap.story import later

EVENT = "water:ven-song@1"
NOW = AT + timedelta(minutes=1)
EACH = [("loa-la-van-ha", 1, 1), ("loa-la-van-thuong", 1, 1), ("loa-phuoc-yen", 1, 1)]
RISE = later(0, 1, 2, 0)


@dataclass
class House:
    """A store of its own, the simulated players, and the command line on both."""

    settings: Settings
    admin: str
    address: str
    commune: Commune

    def rises(self, *changes: AlertChange) -> None:
        """The event goes on with these changes; its last is when it rose."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            insert_changes(db, changes)
            query = """
                insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, 'water:ven-song', %s, %s, 2, 2)
                on conflict (id) do update set risen_at = excluded.risen_at
                """
            db.execute(query, [EVENT, AT, changes[-1].at])
            db.execute("update alert set event = %s", [EVENT])

    def drills(self, change: AlertChange, contacts: Sequence[str], *, real: bool) -> None:
        """A drill goes on and its event rises with this change."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            drill = drills.begin(db, "flood", "Lũ", contacts, real=real, by="admin", at=AT)
            event = marked(drill.id, EVENT)
            insert_changes(db, [change])
            query = "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values (%s, %s, %s, %s, 3, 3, true)"
            db.execute(query, [event, marked(drill.id, "water:ven-song"), AT, change.at])
            db.execute("update alert set event = %s, exercise = true", [event])

    def ends(self, change: AlertChange) -> None:
        """The event is over."""
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            insert_changes(db, [change])
            db.execute("update event set closed_at = %s, level = 0 where id = %s", [change.at, EVENT])

    def do(self, *parts: str, later_by: timedelta = timedelta()) -> None:
        """Run these parts of the announcer once, in a process of its own."""

        async def inside() -> None:
            own = Announcing(
                self.settings,
                self.commune,
                open_players(self.settings, self.commune.loudspeakers),
                lambda: NOW,
                lambda: system() + later_by,
            )
            try:
                for part in parts:
                    work: Callable[[], Awaitable[None]] = getattr(own, part)
                    await work()
            finally:
                await own.close()

        asyncio.run(inside())

    def phusa(self, *words: str) -> Result:
        return CliRunner().invoke(announce.app, list(words))

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin) as db:
            db.execute("set search_path = phusa, public")
            return db.execute(query).fetchall()

    def states(self) -> list[str]:
        return [row[0] for row in self.rows("select state from announcement order by id")]

    def plays(self) -> dict[str, str]:
        return dict(
            self.rows("select loudspeaker, state from announcement_play order by announcement, loudspeaker")
        )  # type: ignore[arg-type]

    def heard(self) -> list[tuple[str, int, int]]:
        """What the players got: loudspeaker, asked, played."""
        found = httpx.get(f"{self.address}/_players", timeout=HANG_S).json()
        return [(one["loudspeaker"], one["asked"], one["played"]) for one in found]
