"""One process of a flow for the comparison of two with one: pinned to a core, over the partitions that it owns.

`python -m infra.lab.bench.shard JSON` says `ready`, begins when a line comes, and says when it began and ended and what it took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.bytewax_runner import EPOCH, tune
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from models.envelope.ownership import read_ownership

if TYPE_CHECKING:
    from bytewax.dataflow import Dataflow

TOPIC = {"telemetry": "readings", "cameras": "frames", "payments": "payments"}
OUTPUTS = ("observations", "alerts", "rejected")


class Part(msgspec.Struct):
    """What one process is told; `store`: into the database that the settings name, too. `topics` by their usual names."""

    flow: str
    owner: str
    core: int
    bootstrap: str
    topics: dict[str, str]
    store: bool = False
    run: str = "bench"
    weights: str | None = None


class Took(msgspec.Struct):
    """`began` and `ended` by the machine's monotonic clock; seconds of the processor; the most memory."""

    began: float
    ended: float
    cpu_s: float
    peak_mib: int


def main() -> None:
    """Wait for the word, run to the end of what the topic holds, and tell."""
    from bytewax.run import cli_main

    part = msgspec.json.decode(sys.argv[1], type=Part)
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[part.core]})
    flow = _FLOWS[part.flow](part)
    tune()
    before = time.process_time()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    cli_main(flow, epoch_interval=EPOCH)  # type: ignore[no-untyped-call]
    peak = next(
        int(line.split()[1]) // 1024
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM")
    )
    print(json.dumps(msgspec.to_builtins(Took(began, time.monotonic(), time.process_time() - before, peak))))


def _source(part: Part, **changed: Any) -> KafkaSource:
    topic = part.topics[TOPIC[part.flow]]
    return KafkaSource(
        KafkaSourceSettings(
            part.bootstrap, topic, "bench", bounded=True, owner=read_ownership(part.owner), **changed
        )
    )


def _sink(part: Part, name: str, encode: Any, place: Any = None) -> KafkaSink[Any]:
    return KafkaSink(KafkaSinkSettings(part.bootstrap, part.topics[name]), encode, place)


def _telemetry(part: Part) -> Dataflow:
    from connectors.settings import settings
    from connectors.timescale.sink import telemetry_sink
    from flows import telemetry
    from infra.lab.bench.telemetry import load_commune
    from models.telemetry.plan import plan

    return telemetry.build(
        _source(part),
        _sink(part, "observations", telemetry.encode_observations, telemetry.same_partition),
        _sink(part, "alerts", telemetry.encode_changes, telemetry.same_partition),
        _sink(part, "rejected", telemetry.encode_rejected),
        telemetry_sink(settings().dsn("writer"), part.run) if part.store else None,
        plan(load_commune()),
    )


def _cameras(part: Part) -> Dataflow:
    from connectors.cameras.eyes import eyes
    from connectors.sealing import Seal
    from flows import cameras
    from infra.lab.bench.watching import KEY, commune
    from models.cameras.memory import plan
    from models.vision.load import load

    # One thread: two processes share two cores as two machines would share none.
    return cameras.build(
        _source(part, batch=cameras.BATCH),
        _sink(part, "observations", cameras.encode_observations, cameras.same_partition),
        _sink(part, "alerts", cameras.encode_changes, cameras.same_partition),
        _sink(part, "rejected", cameras.encode_rejected),
        None,
        plan(commune()),
        eyes(Seal(KEY), load(Path(part.weights or "")), 1),
    )


def _payments(part: Part) -> Dataflow:
    from flows import payments
    from infra.lab.bench.payments import own

    return payments.build(
        _source(part),
        _sink(part, "alerts", payments.encode_changes),
        _sink(part, "rejected", payments.encode_rejected),
        None,
        own(),
    )


_FLOWS = {"telemetry": _telemetry, "cameras": _cameras, "payments": _payments}

if __name__ == "__main__":
    main()
