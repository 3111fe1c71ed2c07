"""Two, four, one process under load, killed again and again: what one process alone would have stored, exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from confluent_kafka import Producer

from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.recovery.move import move
from connectors.recovery.place import StateError, folder, in_force
from connectors.recovery.store import Snapshot, read
from connectors.settings import ROOT, Settings
from models.alerting.alert import AlertChange
from models.envelope.ownership import WHOLE, Ownership, everyone
from models.envelope.partition import PARTITIONS, partition_of
from tests import kafka
from tests.builders import START_MS, payload
from tests.frames import BROKEN, frame
from tests.gateways import eventually
from tests.shards import CAMERAS, STATIONS, Part
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
TOPIC = {"telemetry": "readings", "cameras": "frames"}
AHEAD = 1500
"""The load is never further ahead of what is stored: so it goes on through every kill and every move."""
SLICE = 100
TABLES = {
    "observation": "at, station, parameter, value, unit, flag, seq, received_at",
    "derived": "at, station, parameter, value, unit, flag, count",
    "quality": "station, parameter, at, test, flag",
    "level_history": "at, station, parameter, rule, level, value",
    "flood": "station, start_at, peak_at, peak, end_at, blind_s",
    "rejected": 'topic, partition, "offset", at, reason, payload',
    "snapshot": "alert, seq, at, camera, people",
    "revision": "station, parameter, at, value",
}
"""All that the two flows write, but for the moment when it was written."""
Record = tuple[str, bytes, int]
"""Key, payload, record time (ms)."""


def readings() -> list[Record]:
    """Hours of water that rises and falls and of dust, a repeated reading here, a broken one there.

    Both rise and fall step by step: a jump is doubted, and when a doubt is told depends on how many records came at once.
    """
    found: list[Record] = []
    for minute in range(500):
        for i, station in enumerate(STATIONS):
            level = 0.1 + 4.8 * abs((minute + 37 * i) % 200 - 100) / 100
            dust = 5 + 160 * abs((minute + 11 * i) % 300 - 150) / 150
            stamp = START_MS + minute * 60_000
            made = [
                payload(round(level, 3), minute=minute, source=station),
                payload(round(dust, 3), minute=minute, source=station, parameter="pm25", unit="ug/m3"),
            ]
            if minute % 50 == i:
                made += [made[0], b"garbage"]
            found += [(station, each, stamp) for each in made]
    return found


def films() -> list[Record]:
    """A yard that fills and empties before eight cameras, a broken picture here and there."""
    found: list[Record] = []
    for second in range(0, 1200, 2):
        for i, camera in enumerate(CAMERAS):
            people = (second // 10 + 7 * i) % 24
            made = frame(second, people, source=camera)
            if second % 100 == 2 * i:
                made = msgspec.structs.replace(made, sealed=BROKEN)
            found.append((camera, msgspec.msgpack.encode(made), START_MS + second * 1000))
    return found


class Trial:
    """A topic under load, and processes over it with one state and one store."""

    def __init__(self, flow: str, bootstrap: str, dsn: str, topic: str, root: Path) -> None:
        self.flow, self.bootstrap, self.dsn, self.root = flow, bootstrap, dsn, root
        self.topics = {TOPIC[flow]: topic} | {
            name: kafka.topic(bootstrap, PARTITIONS) for name in ("observations", "alerts", "rejected")
        }
        self.processes: dict[Ownership, subprocess.Popen[bytes]] = {}

    def start(self, *owners: Ownership) -> None:
        for owner in owners:
            part = Part(self.flow, str(owner), self.bootstrap, self.topics, self.dsn, str(self.root))
            log = (self.root.parent / f"{owner.name}.log").open("ab")
            self.processes[owner] = subprocess.Popen(
                [sys.executable, "-m", "tests.shards", msgspec.json.encode(part).decode()],
                cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, *owners: Ownership) -> None:
        for owner in owners:
            self.processes[owner].kill()
        for owner in owners:
            assert self.processes.pop(owner).wait() == -9

    def stored(self) -> int:
        """How many records of the topic the store knows."""
        with psycopg.connect(self.dsn) as db:
            row = db.execute("select coalesce(sum(next_offset), 0) from source_offset").fetchone()
        return int(row[0]) if row else 0

    def stored_by(self, owner: Ownership) -> int:
        """How many of those in the partitions of one process."""
        return sum(next_offset for partition, next_offset, *_ in self.counts() if owner.owns(partition))

    def until(self, records: int) -> None:
        """Until so many are stored."""
        eventually(lambda: self.stored() >= records, alive=self.alive)

    def alive(self) -> bool:
        return all(process.poll() is None for process in self.processes.values())

    def remember(self, more_than: int = 1) -> None:
        """Until each process has kept something in its recovery store: then a kill leaves something to move."""
        eventually(
            lambda: all(len(self._kept(owner)) > more_than for owner in self.processes), alive=self.alive
        )

    def _kept(self, owner: Ownership) -> list[Snapshot]:
        try:
            return read(folder(self.root, owner))
        except StateError as error:
            # Its file is there before its tables are: nothing is kept yet. Any other state is a fault.
            if ": [])" not in str(error):
                raise
            return []

    def reshard(self, number: int) -> None:
        moved = move([self.root], self.topics[TOPIC[self.flow]], number, PARTITIONS)
        assert all(count > 1 for count in moved.snapshots.values())

    def end(self) -> None:
        """Ask all to end and see that they drained."""
        for process in self.processes.values():
            process.terminate()
        assert [process.wait() for process in self.processes.values()] == [0] * len(self.processes)
        self.processes.clear()

    def tables(self) -> dict[str, list[Any]]:
        """All rows of all tables that the flow writes."""
        with psycopg.connect(self.dsn) as db:
            return {
                name: sorted(db.execute(f"select {columns} from {name}").fetchall(), key=repr)
                for name, columns in TABLES.items()
            }

    def counts(self) -> list[Any]:
        """What the offsets' rows say of each partition."""
        with psycopg.connect(self.dsn) as db:
            return db.execute(
                "select partition, next_offset, read, stored, rejected, duplicates, still, dropped from source_offset"
                " order by partition"
            ).fetchall()

    def changes(self) -> set[bytes]:
        """Changes of alerts on the topic; there a repeated one is the very same."""
        return {value for _, value in kafka.everything(self.bootstrap, self.topics["alerts"], PARTITIONS)}


def writer(trial: Trial) -> Producer:
    """Who writes the load."""
    return Producer({"bootstrap.servers": trial.bootstrap, "enable.idempotence": True})


def pour(out: Producer, trial: Trial, records: list[Record]) -> None:
    """Write records, acknowledged."""
    for key, value, stamp in records:
        out.produce(trial.topics[TOPIC[trial.flow]], value, key, partition_of(key), timestamp=stamp)
    eventually(lambda: out.flush(1) == 0)


@contextmanager
def load(trial: Trial, records: list[Record]) -> Iterator[threading.Thread]:
    """Write the records meanwhile, never more than AHEAD of what is stored."""
    stop = threading.Event()

    def write() -> None:
        out = writer(trial)
        for first in range(0, len(records), SLICE):
            pour(out, trial, records[first : first + SLICE])
            eventually(lambda written=first + SLICE: stop.is_set() or written - trial.stored() < AHEAD)

    thread = threading.Thread(target=write, name="load")
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()
        trial.kill(*trial.processes)


@pytest.fixture
def stores(server_dsn: str, secrets: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Two empty ones, for the writer: of the many and of the one."""
    with (
        empty_store(server_dsn, secrets, "test_many") as many,
        empty_store(server_dsn, secrets, "test_alone") as alone,
    ):
        yield as_role(many, secrets, "writer"), as_role(alone, secrets, "writer")


def compare(flow: str, trial: Trial, records: list[Record], dsn: str, root: Path) -> None:
    """One process over the same topic, with a store of its own, and nothing that breaks: all must be the same."""
    root.mkdir(parents=True)
    alone = Trial(flow, trial.bootstrap, dsn, trial.topics[TOPIC[flow]], root)
    alone.start(WHOLE)
    alone.until(len(records))
    alone.end()
    found, wanted = trial.tables(), alone.tables()
    for name in TABLES:
        assert found[name] == wanted[name], name
    assert trial.counts() == alone.counts()
    assert trial.changes() == alone.changes()
    told = [msgspec.json.decode(change, type=AlertChange) for change in trial.changes()]
    assert told
    assert len({(one.alert, one.seq) for one in told}) == len(told)


def distinct(records: Iterable[Record]) -> int:
    """How many records are neither broken nor repeated."""
    return len({(key, value) for key, value, _ in records if value != b"garbage"})


def test_telemetry_by_two_four_and_one_process_with_kills_is_as_by_one(
    stack: Settings, stores: tuple[str, str], tmp_path: Path
) -> None:
    many, alone = stores
    root, records = tmp_path / "many" / "telemetry", readings()
    root.mkdir(parents=True)
    trial = Trial("telemetry", stack.bootstrap, many, kafka.topic(stack.bootstrap, PARTITIONS), root)
    first, second = everyone(2)
    fourth = everyone(4)
    with load(trial, records):
        trial.start(first, second)
        trial.until(len(records) // 8)
        trial.kill(first)
        trial.start(first)
        trial.until(2 * len(records) // 8)
        trial.remember()
        trial.kill(first, second)

        trial.reshard(4)
        trial.start(*fourth)
        trial.until(3 * len(records) // 8)
        trial.kill(fourth[1], fourth[3])
        trial.start(fourth[1], fourth[3])
        trial.until(5 * len(records) // 8)
        trial.remember()
        trial.kill(*fourth)

        trial.reshard(1)
        trial.start(WHOLE)
        trial.until(6 * len(records) // 8)
        trial.kill(WHOLE)
        trial.start(WHOLE)
        trial.until(len(records))
        trial.end()

    assert in_force(root) == 1
    assert len(trial.tables()["observation"]) == distinct(records)
    compare("telemetry", trial, records, alone, tmp_path / "alone" / "telemetry")


def test_cameras_by_one_two_and_one_process_with_kills_are_as_by_one(
    stack: Settings, stores: tuple[str, str], tmp_path: Path
) -> None:
    many, alone = stores
    root, records = tmp_path / "many" / "cameras", films()
    root.mkdir(parents=True)
    trial = Trial("cameras", stack.bootstrap, many, kafka.topic(stack.bootstrap, PARTITIONS), root)
    first, second = everyone(2)
    with load(trial, records):
        trial.start(WHOLE)
        trial.until(len(records) // 4)
        trial.remember()
        trial.kill(WHOLE)

        trial.reshard(2)
        trial.start(first, second)
        trial.until(2 * len(records) // 4)
        trial.kill(second)
        trial.start(second)
        trial.until(3 * len(records) // 4)
        trial.remember()
        trial.kill(first, second)

        trial.reshard(1)
        trial.start(WHOLE)
        trial.until(len(records))
        trial.end()

    assert sum(read for _, _, read, *_ in trial.counts()) == len(records)
    compare("cameras", trial, records, alone, tmp_path / "alone" / "cameras")


def test_a_process_that_stands_still_holds_no_other(
    stack: Settings, stores: tuple[str, str], tmp_path: Path
) -> None:
    root, records = tmp_path / "cameras", films()
    root.mkdir()
    trial = Trial("cameras", stack.bootstrap, stores[0], kafka.topic(stack.bootstrap, PARTITIONS), root)
    slow, quick = everyone(2)
    trial.start(slow, quick)
    trial.remember(more_than=0)
    trial.processes[slow].send_signal(signal.SIGSTOP)
    pour(writer(trial), trial, records)
    of_quick = sum(quick.owns(partition_of(key)) for key, _, _ in records)

    eventually(lambda: trial.stored_by(quick) == of_quick, alive=trial.alive)
    assert trial.stored_by(slow) == 0
    trial.processes[slow].send_signal(signal.SIGCONT)
    trial.until(len(records))
    trial.end()


def test_a_source_reads_its_owners_partitions_only_and_each_record_has_one_reader(stack: Settings) -> None:
    name = kafka.topic(stack.bootstrap, 3)
    for partition in range(3):
        kafka.fill(stack.bootstrap, name, [f"{partition}-{i}".encode() for i in range(10)], partition)

    found = {owner: _read(stack.bootstrap, name, owner) for owner in everyone(2)}

    assert {owner: sorted(each) for owner, each in found.items()} == {
        owner: sorted(f"{p}-{i}".encode() for p in range(3) if owner.owns(p) for i in range(10))
        for owner in everyone(2)
    }


def _read(bootstrap: str, name: str, owner: Ownership) -> list[bytes]:
    source = KafkaSource(KafkaSourceSettings(bootstrap, name, "test", bounded=True, owner=owner))
    part, values = source.build_part("in", name, None), list[bytes]()
    try:
        while True:
            values += [value for _, one in part.next_batch() for value in one.values]
    except StopIteration:
        part.close()
        return values


def test_who_would_own_no_partition_does_not_start(stack: Settings) -> None:
    name = kafka.topic(stack.bootstrap, 2)
    source = KafkaSource(KafkaSourceSettings(stack.bootstrap, name, "test", owner=Ownership(3, 3)))
    with pytest.raises(ValueError, match="no partition is owned"):
        source.build_part("in", name, None)
