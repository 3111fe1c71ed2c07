"""The process `announcer` itself, ended without warning while a player has the sound and has not answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from connectors import readiness
from connectors.clock import system
from connectors.settings import ROOT, Settings
from connectors.timescale import approvals
from connectors.timescale.alerts import insert_changes
from infra.run.processes import ready_file
from tests.conftest import environment
from tests.gateways import HANG_S, beside, eventually, faults, gateway
from tests.messages import change
from tests.store import empty_store

pytestmark = pytest.mark.integration
EVENT, ALERT = "water:announcer-test@1", "river:announcer-test"


@contextmanager
def announcer(own: Settings) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "infra.run.processes", "announcer"],
        env=os.environ | environment(own),
        cwd=ROOT,
    ) as process:
        try:
            path = ready_file(own, "announcer")
            eventually(lambda: readiness.read(path, process.pid) == [], alive=lambda: process.poll() is None)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def plays(own: Settings) -> list[Any]:
    with psycopg.connect(own.dsn("writer")) as db:
        return db.execute("select state from announcement_play").fetchall()


def kept(address: str) -> list[tuple[int, int]]:
    found = httpx.get(f"{address}/_players", timeout=HANG_S).json()
    return [(one["asked"], one["played"]) for one in found]


@pytest.fixture
def risen(stack: Settings, tmp_path: Path, server_dsn: str, secrets: dict[str, str]) -> Iterator[Settings]:
    """The river has risen; on a store of its own, whose announcer is the only one."""
    now = system()
    with empty_store(server_dsn, secrets, "test_announcer_process") as admin:
        own = beside(stack, tmp_path, admin)
        with psycopg.connect(own.dsn("writer")) as db:
            insert_changes(db, [change(alert=ALERT, at=now)])
            query = "insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, 'water:announcer-test', %s, %s, 2, 2)"
            db.execute(query, [EVENT, now, now])
            db.execute("update alert set event = %s where alert = %s", [EVENT, ALERT])
        yield own


def test_killed_while_a_player_has_the_sound_it_begins_anew_and_nobody_hears_it_twice(
    risen: Settings,
) -> None:
    own = risen
    with gateway(own) as address:
        faults(address, delay_s=HANG_S)
        with announcer(own) as process:
            (number,) = eventually(lambda: made(own))
            with psycopg.connect(own.dsn("writer")) as db:
                approvals.approve(db, number, "control-room", ["loa-la-van-ha"], system())
            eventually(lambda: kept(address) == [(1, 1)])
            process.kill()
            process.wait()
        assert plays(own) == [("sending",)]

        faults(address, play_share=0.0)
        with announcer(own):
            eventually(lambda: plays(own) == [("heard",)])

        assert kept(address) == [(2, 1)]


def made(own: Settings) -> tuple[int] | None:
    with psycopg.connect(own.dsn("writer")) as db:
        found: tuple[int] | None = db.execute(
            "select id from announcement where event = %s", [EVENT]
        ).fetchone()
    return found
