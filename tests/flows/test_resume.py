"""The telemetry flow is killed anywhere and goes on as if it had not been."""

from __future__ import annotations

import pickle
import random
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from bytewax.inputs import AbortExecution, FixedPartitionedSource, StatefulSourcePartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, run_main

from flows.telemetry import Item, _kept, _Memory, _rouse, build
from models.alerting.alert import Change
from models.commune.configuration import Commune
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.memory import Kept, Partition, of_station, remember
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import MINUTE, START_MS, batch, commune, dust_rule, payload, rule

STATIONS = ("phu-oc", "co-bi", "tram-dau")
KNOWN = {station.encode(): station for station in STATIONS}


def three() -> Commune:
    """Three stations that measure water and dust under the same rules."""
    own = commune(
        rule(stations=list(STATIONS)), msgspec.structs.replace(dust_rule(), stations=list(STATIONS))
    )
    one = own.stations[0]
    own.stations[:] = [msgspec.structs.replace(one, id=name, name=name) for name in STATIONS]
    return own


def story(seed: int, batches: int = 60) -> list[RawBatch]:
    """Batches of all partitions: levels that rise and fall, late and repeated readings, stations that fall silent, ticks."""
    chance = random.Random(seed)  # noqa: S311 (a story, no secret)
    found, offsets = [], dict.fromkeys(range(4), 0)
    for i in range(batches):
        minute = i * 7
        name = chance.choice(STATIONS[: 1 + i // 20] or STATIONS)
        partition = partition_of(name)
        values, keys = [], []
        for j in range(chance.randrange(4)):
            late = chance.choice((0, 0, 0, -9))
            code, unit = chance.choice((("river_level", "m"), ("pm25", "ug/m3")))
            value = chance.uniform(0, 5) if unit == "m" else chance.uniform(0, 120)
            values.append(
                payload(value, minute=minute + j + late, source=name, parameter=code, unit=unit, seq=0)
            )
            keys.append(chance.choice((name.encode(), name.encode(), None)))
        if values and chance.random() < 0.3:
            values.append(values[0])
            keys.append(keys[0])
        first = offsets[partition]
        offsets[partition] = first + len(values)
        now_ms = START_MS + (minute + 5) * MINUTE
        found.append(
            RawBatch(
                "readings", partition, list(range(first, offsets[partition])), values, keys,
                [now_ms] * len(values), offsets[partition], now_ms if chance.random() < 0.7 or not values else None,
            )
        )  # fmt: skip
    return found


def lived_through(batches: list[RawBatch]) -> list[bytes]:
    """What becomes of each batch when nothing ever breaks."""
    shards: dict[int, Shard] = {}
    own = plan(three())
    return [
        msgspec.json.encode(judge(own, shards.setdefault(batch.partition, {}), batch)) for batch in batches
    ]


class _Mortal(StatefulSourcePartition[tuple[str, RawBatch], int]):
    def __init__(self, batches: list[RawBatch], death: int, place: int) -> None:
        self.batches, self.death, self.place = batches, death, place

    def next_batch(self) -> list[tuple[str, RawBatch]]:
        if self.place >= self.death:
            raise AbortExecution
        if self.place == len(self.batches):
            raise StopIteration
        one = self.batches[self.place]
        self.place += 1
        return [(str(one.partition), one)]

    def snapshot(self) -> int:
        return self.place


class Mortal(FixedPartitionedSource[tuple[str, RawBatch], int]):
    """Batches one by one, until the place of its death. (After its second ABORT Bytewax's TestingSource repeats an item that was kept.)"""

    def __init__(self, batches: list[RawBatch], death: int) -> None:
        self.batches, self.death = batches, death

    def list_parts(self) -> list[str]:
        return ["0"]

    def build_part(self, _step_id: str, _part: str, place: int | None) -> _Mortal:
        return _Mortal(self.batches, self.death, place or 0)


def run(batches: list[RawBatch], deaths: list[int], state: Path, epoch_s: float = 0) -> list[bytes]:
    """All that the flow told the store in its lives: one more than it has deaths."""
    told: list[Item] = []
    for death in (*deaths, len(batches) + 1):
        ends = (
            TestingSink(list[Item]()),
            TestingSink(list[Item]()),
            TestingSink(list[Item]()),
            TestingSink(told),
        )
        flow = build(Mortal(batches, death), *ends, plan(three()))
        run_main(
            flow,
            epoch_interval=timedelta(seconds=epoch_s),
            recovery_config=RecoveryConfig(str(state), backup_interval=timedelta(0)),  # type: ignore[no-untyped-call]
        )
    return [msgspec.json.encode(judged) for _key, judged in told]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """An empty recovery store."""
    init_db_dir(tmp_path, 1)  # type: ignore[no-untyped-call]
    return tmp_path


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_it_tells_what_it_would_have_told(seed: int, state: Path) -> None:
    batches = story(seed)
    chance = random.Random(seed)  # noqa: S311 (a story, no secret)
    deaths = sorted(chance.sample(range(1, len(batches)), 6))

    told = run(batches, deaths, state)

    expected = lived_through(batches)
    assert set(told) == set(expected)
    assert told[-1] == expected[-1]


def step(value: float | None, minute: int, offset: int) -> RawBatch:
    """A reading of Phú Ốc, or none, and the time."""
    values = [] if value is None else [payload(value, minute=minute)]
    return batch(values, minutes=[minute] * len(values), first=offset, tick_ms=START_MS + minute * MINUTE)


def test_a_silence_that_was_told_is_not_told_again_after_a_restart(state: Path) -> None:
    batches = [step(1.0, 0, 0), step(None, 31, 1), step(None, 32, 1), step(None, 33, 1), step(1.0, 40, 1)]

    told = [msgspec.json.decode(one, type=Judged) for one in run(batches, [3], state)]
    changes = [
        (change.station, change.rule, change.change)
        for judged in told
        for change in judged.changes
        if change.station == "phu-oc" and "river_level" in change.parameters
    ]

    assert changes == [("phu-oc", "silent", Change.RAISE), ("phu-oc", "silent", Change.CLEAR)]


def test_all_that_is_remembered_belongs_to_a_station() -> None:
    own = plan(three())
    for partition in range(4):
        memory = Partition()
        for one in story(3):
            if one.partition == partition:
                remember(own, KNOWN, memory, one)
        parts: Shard = {}
        for name in STATIONS:
            parts |= of_station(own, memory.shard, name)

        assert parts.keys() == memory.shard.keys()


def test_a_partition_that_was_kept_whole_is_taken_over() -> None:
    whole: Shard = {}
    batches = [one for one in story(1) if one.partition == partition_of("phu-oc")]
    for one in batches[:-1]:
        judge(plan(three()), whole, one)
    found = _kept(pickle.loads(pickle.dumps(whole)))

    assert (found.partition, found.station) == (partition_of("phu-oc"), None)
    assert found.states.keys() == whole.keys()


def test_a_touched_station_is_kept_by_itself_in_its_turn_and_no_longer_with_the_partition() -> None:
    own = plan(three())
    partition = partition_of("phu-oc")
    memories = {partition: Partition()}
    logic = _Memory(own, KNOWN, memories, None)
    logic.on_batch([step(1.0, 0, 0)])
    logic.on_batch([step(None, 31, 1)])
    with_partition = Kept(*pickle.loads(logic.snapshot()))

    ((_key, _batch), (turn, wake)) = _rouse(KNOWN, memories, [(str(partition), step(None, 32, 1))])
    by_itself = _Memory(own, KNOWN, memories, None)
    by_itself.on_batch([wake])

    assert {station for station, _code in with_partition.states} == {"phu-oc"}
    assert (turn, Kept(*pickle.loads(by_itself.snapshot())).states.keys()) == (
        f"{partition}/phu-oc",
        with_partition.states.keys(),
    )
    assert Kept(*pickle.loads(logic.snapshot())).states == {}
