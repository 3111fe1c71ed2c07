"""One process of a flow on topics and a store of a test's own: `python -m tests.shards JSON`, as `phusa run FLOW --shard` runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.bytewax_runner import run
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.recovery.place import Claim
from connectors.timescale.sink import telemetry_sink
from flows import telemetry
from models.commune.configuration import Commune
from models.envelope.ownership import read_ownership
from models.telemetry.plan import plan
from tests.builders import commune, dust_rule, rule

if TYPE_CHECKING:
    from bytewax.dataflow import Dataflow

STATIONS = tuple(f"tram-{i:02d}" for i in range(12))
CAMERAS = tuple(f"may-anh-{i:02d}" for i in range(8))
SMALL = 100
"""Records a poll: a process is killed in the middle of its work, not after it."""


class Part(msgspec.Struct):
    """What one process is told; topics by their usual names."""

    flow: str
    owner: str
    bootstrap: str
    topics: dict[str, str]
    dsn: str
    root: str


def stations() -> Commune:
    """Twelve stations, some in each of four partitions, which measure water and dust under the same rules."""
    own = commune(
        rule(stations=list(STATIONS)), msgspec.structs.replace(dust_rule(), stations=list(STATIONS))
    )
    (one,) = own.stations
    own.stations[:] = [msgspec.structs.replace(one, id=name, name=name) for name in STATIONS]
    return own


def _sink(part: Part, name: str, encode: Any, place: Any) -> KafkaSink[Any]:
    return KafkaSink(KafkaSinkSettings(part.bootstrap, part.topics[name]), encode, place)


def _telemetry(part: Part) -> Dataflow:
    return telemetry.build(
        _source(part, "readings"),
        _sink(part, "observations", telemetry.encode_observations, telemetry.same_partition),
        _sink(part, "alerts", telemetry.encode_changes, telemetry.same_partition),
        _sink(part, "rejected", telemetry.encode_rejected, None),
        telemetry_sink(part.dsn),
        plan(stations()),
    )


def _cameras(part: Part) -> Dataflow:
    from connectors.timescale.pictures import camera_sink
    from flows import cameras
    from models.cameras.memory import plan as watched
    from models.vision.camera import Camera, Zone, ZoneKind, ZoneLevel
    from tests.frames import eyes

    yard = Zone("san", "Sân", ZoneKind.CROWD, [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)],
                levels=[ZoneLevel(1, "đông", 12, 9)], hold_s=20)  # fmt: skip
    own = commune()
    own.cameras[:] = [
        Camera(name, name, [], "", [yard], silent_after_s=60, frozen_after_s=600) for name in CAMERAS
    ]
    return cameras.build(
        _source(part, "frames"),
        _sink(part, "observations", cameras.encode_observations, cameras.same_partition),
        _sink(part, "alerts", cameras.encode_changes, cameras.same_partition),
        _sink(part, "rejected", cameras.encode_rejected, None),
        camera_sink(part.dsn),
        watched(own),
        eyes(),
    )


def _source(part: Part, name: str) -> KafkaSource:
    # No clock: time comes from records alone, so that two runs over the same topic see the same.
    owner = read_ownership(part.owner)
    return KafkaSource(
        KafkaSourceSettings(part.bootstrap, part.topics[name], f"test-{part.flow}", batch=SMALL, owner=owner)
    )


FLOWS = {"telemetry": _telemetry, "cameras": _cameras}

if __name__ == "__main__":
    told = msgspec.json.decode(sys.argv[1], type=Part)
    run(FLOWS[told.flow](told), Claim(Path(told.root), read_ownership(told.owner)))
