"""A flow takes over what the version before has remembered, wherever its modules stand now.

tests/golden/snapshots was written by the code of 0.1 before its modules moved to their floors; it is never written anew.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from pathlib import Path

import pytest

from connectors import snapshots
from flows.telemetry import _kept
from models.cameras.memory import CameraState
from models.posting.post import Shard
from models.telemetry.memory import Partition, restore
from models.telemetry.sensor import SensorState

GOLDEN = Path(__file__).parent.parent / "golden" / "snapshots"
FILES = sorted(GOLDEN.glob("*.pickle"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_snapshot_of_the_version_before_is_read(path: Path) -> None:
    assert snapshots.loads(path.read_bytes())


def test_telemetry_goes_on_where_the_station_stood() -> None:
    found = _kept(snapshots.loads((GOLDEN / "telemetry-station.pickle").read_bytes()))
    memory = Partition()

    restore(memory, found)

    assert found.station == "phu-oc"
    states = [state for state in found.states.values() if isinstance(state, SensorState)]
    assert any(state.seen.times for state in states)
    assert any(state.levels for state in states)


def test_cameras_go_on_with_the_people_they_counted() -> None:
    (state,) = snapshots.loads((GOLDEN / "cameras.pickle").read_bytes()).values()

    assert isinstance(state, CameraState)
    assert state.sight.__class__.__module__ == "models.vision.sight"


def test_payments_go_on_with_what_they_have_seen() -> None:
    assert isinstance(snapshots.loads((GOLDEN / "payments.pickle").read_bytes()), Shard)


def test_what_is_written_now_is_read_now_and_names_no_old_place() -> None:
    for path in FILES:
        memory = snapshots.loads(path.read_bytes())
        written = snapshots.dumps(memory)
        modules = {text for _, text, _ in pickletools.genops(written) if isinstance(text, str)}

        assert not modules & set(snapshots.MOVED)
        assert snapshots.dumps(snapshots.loads(written)) == written


def test_without_the_list_of_moves_the_old_state_could_not_be_read() -> None:
    with pytest.raises(ModuleNotFoundError):
        pickle.Unpickler(io.BytesIO((GOLDEN / "cameras.pickle").read_bytes())).load()
