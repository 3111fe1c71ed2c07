"""The process `announcer` itself, ended without warning while a player has the sound and has not answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
from infra.run.stack import credentials
from tests.conftest import environment
from tests.gateways import HANG_S, eventually, faults, gateway
from tests.messages import change

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
def event(stack: Settings) -> Iterator[Settings]:
    """The river has risen; afterwards nothing of it is left."""
    from connectors import commune

    credentials.provision(stack, commune.load(stack.commune))
    now = system()
    with psycopg.connect(stack.dsn("writer")) as db:
        insert_changes(db, [change(alert=ALERT, at=now)])
        query = "insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, 'water:announcer-test', %s, %s, 2, 2)"
        db.execute(query, [EVENT, now, now])
        db.execute("update alert set event = %s where alert = %s", [EVENT, ALERT])
    yield stack
    with psycopg.connect(stack.dsn("writer")) as db:
        db.execute("delete from announcement where event = %s", [EVENT])
        db.execute("delete from alert_change where alert = %s", [ALERT])
        db.execute("delete from alert where alert = %s", [ALERT])
        db.execute("delete from event where id = %s", [EVENT])


def test_killed_while_a_player_has_the_sound_it_begins_anew_and_nobody_hears_it_twice(
    event: Settings,
) -> None:
    own = event
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
