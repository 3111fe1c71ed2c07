"""The flow places is killed anywhere and goes on as if it had not been; and it takes over what telemetry remembered before."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSink, run_main

from flows import places, telemetry
from flows.places import Item, encode_changes, encode_rejected, taken_over
from flows.telemetry import EncodeTestimony
from models.alerting.alert import AlertChange
from models.envelope.partition import PARTITIONS
from models.places.listen import Commune, waited
from models.places.scene import scene
from models.telemetry.plan import plan
from tests.floods import BEFORE, CHANGES, COMMUNE, batches, cut
from tests.flows.test_resume import Mortal
from tests.reports import LINES, ORIGINS, SCENE, changes, heard, records

if TYPE_CHECKING:
    from pathlib import Path

    from bytewax.dataflow import Dataflow

    from models.envelope.batch import RawBatch
    from models.places.witnesses import Memory
    from tests.reports import Line

TOGETHER = 60
"""So many records are read at a time: an epoch for each would be a thousand commits of the recovery store."""
Told = dict[tuple[str, int], AlertChange]


def live(flow: Dataflow, state: Path, epoch_s: float = 0) -> None:
    """One life of a flow; by default each batch is an epoch of its own."""
    run_main(
        flow,
        epoch_interval=timedelta(seconds=epoch_s),
        recovery_config=RecoveryConfig(str(state), backup_interval=timedelta(0)),  # type: ignore[no-untyped-call]
    )


def listening(
    testimony: list[RawBatch], deaths: list[int], state: Path, before: Memory | None = None
) -> list[AlertChange]:
    """All that the flow places told in its lives: one more than it has deaths."""
    told: list[Item] = []
    for death in (*deaths, len(testimony) + 1):
        alerts, rejected, store = TestingSink(told), TestingSink(list[Item]()), TestingSink(list[Item]())
        live(places.build(Mortal(testimony, death), alerts, rejected, store, SCENE, ORIGINS, before), state)
    return changes(item for _key, item in told)


def by_identity(told: list[AlertChange]) -> Told:
    """What the store keeps: the first of each (alert, number)."""
    kept: Told = {}
    for change in told:
        kept.setdefault((change.alert, change.seq), change)
    return kept


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """An empty recovery store."""
    folder = tmp_path / "places"
    folder.mkdir()
    init_db_dir(folder, 1)  # type: ignore[no-untyped-call]
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_killed_anywhere_the_identity_of_a_check_and_of_an_alarm_is_the_same(seed: int, state: Path) -> None:
    testimony = records(LINES, TOGETHER)
    chance = random.Random(seed)  # noqa: S311 (a story, no secret)
    # Bytewax goes on from the newest finished epoch, so some of these are heard twice.
    deaths = sorted(chance.sample(range(1, len(testimony)), 3))

    told = listening(testimony, deaths, state)

    assert by_identity(told) == by_identity(changes(heard(testimony)))


def test_what_is_refused_is_kept_and_what_is_heard_is_told(state: Path) -> None:
    ends: list[list[Item]] = [[], [], []]
    alerts, rejected, store = (TestingSink(end) for end in ends)
    testimony = records([(1, b"garbage"), *LINES], TOGETHER)
    live(places.build(Mortal(testimony, len(testimony) + 1), alerts, rejected, store, SCENE, ORIGINS), state)

    assert [len(encode_rejected(item)) for _key, item in ends[1] if item.rejected] == [1]
    told = [key for _key, item in ends[0] for key, _value in encode_changes(item)]
    assert {b"ven-song", b"platform", b"phu-oc"} <= set(told)
    assert sum(item.moved for _key, item in ends[2]) > 0


def test_the_commune_is_one_memory_however_many_partitions_there_are(state: Path) -> None:
    assert waited(SCENE, range(PARTITIONS)) == ORIGINS
    assert len(ORIGINS) == PARTITIONS
    assert by_identity(listening(records(LINES, TOGETHER), [], state)) == by_identity(
        changes(heard(records(LINES)))
    )


class TestUpgrade:
    """From version 0.1, in which the step `witnesses` of telemetry heard what several sources say together."""

    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        """Telemetry's recovery store as version 0.1 left it, with an alarm open."""
        folder = tmp_path / "telemetry"
        folder.mkdir()
        shutil.copy(BEFORE / "part-0.sqlite3", folder)
        return folder

    def judging(self, old: Path) -> tuple[list[Line], list[AlertChange]]:
        """Telemetry goes on from the old store: what it reports, and what it tells itself."""
        told: list[telemetry.Item] = []
        reported: list[telemetry.Item] = []
        every = batches()
        ends = (TestingSink(list[telemetry.Item]()), TestingSink(told), TestingSink(list[telemetry.Item]()))
        live(
            telemetry.build(
                Mortal(every, len(every) + 1),
                *ends,
                None,
                plan(COMMUNE),
                TestingSink(reported),
            ),
            old,
            epoch_s=1,
        )
        encode = EncodeTestimony(scene(COMMUNE))
        lines = [(item.partition, value) for _key, item in reported for _, value in encode(item)]
        own = [
            msgspec.json.decode(value, type=AlertChange)
            for _key, item in told
            for _, value in telemetry.encode_changes(item)
        ]
        return lines, own

    @pytest.mark.parametrize(
        "telemetry_first", [True, False], ids=["telemetry starts first", "places start first"]
    )
    def test_open_alarms_keep_their_identity_and_nothing_is_told_twice(
        self, old: Path, state: Path, *, telemetry_first: bool
    ) -> None:
        before = msgspec.json.decode(CHANGES.read_bytes(), type=list[AlertChange])
        memory = None if telemetry_first else taken_over(old)
        lines, own = self.judging(old)
        memory = taken_over(old) if telemetry_first else memory
        assert memory is not None
        assert memory.places["ven-song"].reached == 2

        told = [*own, *listening(records(lines, TOGETHER), [], state, memory)]

        cut_at = batches()[cut(batches())].tick_ms or 0
        assert cut_at
        after = by_identity(told)
        known = by_identity(before)
        assert after.items() <= known.items()
        missing = {key for key in known if key not in after}
        assert all(known[key].at.timestamp() * 1000 < cut_at for key in missing)

    def test_what_was_taken_over_is_kept_by_the_flow_itself(self, old: Path, state: Path) -> None:
        memory = taken_over(old)
        lines, _own = self.judging(old)
        testimony = records(lines, TOGETHER)

        told = listening(testimony, [len(testimony) // 2], state, memory)

        assert [change.level for change in told if change.rule == "witness"] == [1, 0]

    @pytest.mark.parametrize(
        ("own_store", "position", "first"),
        [
            ("none", False, True),
            ("none", True, False),
            ("without a snapshot", False, True),
            ("without a snapshot", True, True),
            ("with a snapshot", True, False),
        ],
        ids=[
            "nothing was ever stored",
            "its recovery store is gone",
            "killed before all",
            "killed before its first snapshot",
            "it remembers itself",
        ],
    )
    def test_the_old_memory_is_taken_over_until_the_flow_has_one_of_its_own(
        self, own_store: str, position: bool, first: bool, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        if own_store == "with a snapshot":
            listening(records(LINES[:20], TOGETHER), [], state)
        monkeypatch.setattr("connectors.timescale.heard.knows_position", lambda _dsn: position)

        folder = tmp_path / "nowhere" if own_store == "none" else state

        assert places._first_start(folder, "") is first

    def test_a_fresh_telemetry_has_nothing_to_take_over(self, state: Path, tmp_path: Path) -> None:
        assert taken_over(state) is None
        assert taken_over(tmp_path / "nowhere") is None
        assert Commune().memory.places == {}
