"""A camera that is taught while the flow runs begins to judge without a restart, and still knows it after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import cv2
import msgspec
import psycopg
import pytest

from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.sealing import Seal
from connectors.settings import ROOT
from connectors.teach.store import accept, forget, newest
from models.alerting.alert import AlertChange
from models.envelope.partition import partition_of
from models.envelope.reading import Observation
from models.vision.frame import Frame, about
from tests.builders import START_MS, at
from tests.flows.taught_flow import KEY
from tests.gateways import eventually
from tests.kafka import everything, topic
from tests.store import as_role, empty_store
from tests.water import scene, taught

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.settings import Settings

pytestmark = pytest.mark.integration
CAMERA = "cho"
EVERY_S = 10
PARTITIONS = 8


class Wire:
    """Topics of the test's own, and the store; `send` puts pictures of the road on the way."""

    def __init__(self, bootstrap: str, dsn: str, state: Path) -> None:
        self.bootstrap, self.dsn, self.sent = bootstrap, dsn, 0
        self.topics = [topic(bootstrap, PARTITIONS) for _ in range(4)]
        self.arguments = [bootstrap, dsn, *self.topics, str(state)]
        self._out = producer(KafkaSinkSettings(bootstrap, self.topics[0], config={"message.timeout.ms": 0}))
        self._seal = Seal(KEY)

    def send(self, water: float, pictures: int) -> None:
        for _ in range(pictures):
            picture = scene(water)
            cv2.circle(picture, (20 + self.sent * 37 % 280, 20), 12, (0, 0, 255 * (self.sent % 2)), -1)
            jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
            when_ms = START_MS + self.sent * EVERY_S * 1000
            frame = Frame(
                1, CAMERA, self.sent, at(when_ms), "image/jpeg", self._seal.seal(jpeg, about(CAMERA))
            )
            self._out.produce(
                self.topics[0], msgspec.msgpack.encode(frame), CAMERA, partition_of(CAMERA), timestamp=when_ms
            )
            self.sent += 1
        while self._out.flush(1):
            pass

    def ended(self) -> int:
        """Frames that the store has an end of."""
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute("select coalesce(sum(read), 0)::int from phusa.source_offset").fetchone()
        return 0 if row is None else int(row[0])

    def stored(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query).fetchall()

    def changes(self) -> list[AlertChange]:
        """Of the alert of water, each once: the topic tells at least once."""
        told = [
            msgspec.json.decode(value, type=AlertChange)
            for _, value in everything(self.bootstrap, self.topics[2], PARTITIONS)
        ]
        return list(
            {
                (change.alert, change.seq): change for change in told if change.rule.startswith("water-")
            }.values()
        )


@pytest.fixture
def wire(stack: Settings, server_dsn: str, secrets: dict[str, str], tmp_path: Path) -> Iterator[Wire]:
    with empty_store(server_dsn, secrets, "test_taught") as admin:
        yield Wire(stack.bootstrap, as_role(admin, secrets, "writer"), tmp_path / "state")


@contextmanager
def flow(wire: Wire) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.flows.taught_flow", *wire.arguments], cwd=ROOT)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def test_taught_while_it_runs_it_judges_without_a_restart_and_knows_it_after_kill_9(wire: Wire) -> None:
    with flow(wire) as process:
        wire.send(0.6, 20)
        eventually(lambda: wire.ended() == 20, alive=lambda: process.poll() is None)
        # Untaught: it says what it sees, in doubt, and alarms nobody.
        assert wire.stored(
            "select distinct flag from phusa.observation where parameter = 'water_share/duong'"
        ) == [(3,)]
        assert wire.changes() == []

        accept(wire.dsn, taught())
        while not wire.changes():
            assert process.poll() is None
            wire.send(0.6, 2)
            eventually(lambda: wire.ended() == wire.sent, alive=lambda: process.poll() is None)
    (raised,) = wire.changes()
    assert (raised.kind, raised.level) == ("water_seen", 1)

    # Killed. What it was taught is in the store: its first picture in the next life is judged as its last one was.
    wire.send(0.6, 3)
    with flow(wire) as process:
        eventually(lambda: wire.ended() == wire.sent, alive=lambda: process.poll() is None)
        last = wire.stored(
            "select flag, confidence from phusa.observation where parameter = 'water_depth/duong' order by at desc limit 3"
        )
        assert [flag for flag, _ in last] == [1, 1, 1]
        assert all(isinstance(sure, float) and 0 < sure <= 1 for _, sure in last)
        wire.send(0.0, 30)
        eventually(lambda: len(wire.changes()) == 2, alive=lambda: process.poll() is None)
        eventually(lambda: wire.ended() == wire.sent, alive=lambda: process.poll() is None)
    assert [change.level for change in wire.changes()] == [1, 0]
    # Each picture is stored once, however often the flow died.
    ((rows, times),) = wire.stored(
        "select count(*), count(distinct at) from phusa.observation where parameter = 'water_share/duong'"
    )
    assert rows == times == wire.sent
    seen = [
        msgspec.json.decode(value, type=Observation)
        for _, value in everything(wire.bootstrap, wire.topics[1], PARTITIONS)
    ]
    assert {each.parameter for each in seen} >= {
        "water_share/duong",
        "water_depth/duong",
        "water_state/duong",
    }


def test_what_was_taken_back_is_known_no_more(wire: Wire) -> None:
    accept(wire.dsn, taught())
    accept(wire.dsn, msgspec.structs.replace(taught(), at_ms=START_MS + 1000, by="người thứ hai"))
    assert newest(wire.dsn)[CAMERA].by == "người thứ hai"

    assert forget(wire.dsn, CAMERA) == 2
    assert newest(wire.dsn) == {}
