"""The telemetry flow, Kafka to Kafka, beside a plain loop and beside the naive way of writing it.

Each runs as a process of its own, pinned to one core, over the same records; a rate is
records divided by the time from its first record to its last acknowledged result.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from connectors.bytewax_runner import EPOCH, tune
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings, producer
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from flows.telemetry import (
    EncodeTestimony,
    build,
    encode_changes,
    encode_observations,
    encode_rejected,
    same_partition,
)
from infra.lab.bench.pour import Made
from models.alerting.alert import Kind
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from models.envelope.reading import Reading
from models.places.scene import scene
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Plan, Shard

STATIONS = 500
START_S = 1_790_000_000


def load_commune() -> Commune:
    """500 stations with a river level each and the three alarm levels: a province, not a commune."""
    level = Parameter("river_level", "m", -1.0, 10.0, 60, 3600)
    names = [f"load-{i:04d}" for i in range(STATIONS)]
    levels = [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3.0, 2.8), Level(3, "BĐ3", 4.5, 4.3)]
    rule = Rule("load", Kind.RIVER, "river_level", names, Direction.ABOVE, levels, hold_s=120)
    return Commune([], [], [Station(name, name, [], [level]) for name in names], [rule], [])


def made(records: int) -> Iterator[Made]:
    """Minute by minute over all stations, a slow wave through the levels."""
    names = [f"load-{i:04d}" for i in range(STATIONS)]
    places = [partition_of(name) for name in names]
    encode = msgspec.json.Encoder().encode
    for i in range(records):
        minute, station = divmod(i, STATIONS)
        at_s = START_S + 60 * minute
        value = round(2.5 + 2.5 * math.sin(minute / 300 + station), 3)
        reading = Reading(
            1, names[station], minute, datetime.fromtimestamp(at_s, UTC), "river_level", value, "m"
        )
        yield encode(reading), names[station].encode(), at_s * 1000, places[station]


def run_flow(bootstrap: str, topics: dict[str, str]) -> None:
    """Our flow as it runs in production, without the store."""
    from bytewax.run import cli_main

    def sink(name: str, encode: Any, place: Any) -> Any:
        return KafkaSink(KafkaSinkSettings(bootstrap, topics[name]), encode, place)

    flow = build(
        KafkaSource(KafkaSourceSettings(bootstrap, topics["readings"], "bench", bounded=True)),
        sink("observations", encode_observations, same_partition),
        sink("alerts", encode_changes, same_partition),
        sink("rejected", encode_rejected, None),
        None,
        plan(load_commune()),
        sink("testimony", EncodeTestimony(scene(load_commune())), same_partition),
    )
    cli_main(flow, epoch_interval=EPOCH)  # type: ignore[no-untyped-call]


def run_plain(bootstrap: str, topics: dict[str, str]) -> None:
    """The same checks and rules in a plain confluent-kafka loop."""
    from confluent_kafka import Consumer, TopicPartition

    from connectors.kafka.source import _config

    settings = KafkaSourceSettings(bootstrap, topics["readings"], "bench-plain")
    consumer = Consumer(_config(settings))
    ends = {
        one: consumer.get_watermark_offsets(TopicPartition(topics["readings"], one))[1]
        for one in range(PARTITIONS)
    }
    consumer.assign([TopicPartition(topics["readings"], one, 0) for one in range(PARTITIONS)])
    out = producer(KafkaSinkSettings(bootstrap, "plain"))
    rules, shards = plan(load_commune()), {one: Shard() for one in range(PARTITIONS)}
    left = sum(ends.values())
    while left:
        messages = consumer.consume(2000, 0.1)
        left -= len(messages)
        groups: dict[int, list[Any]] = {}
        for message in messages:
            groups.setdefault(message.partition() or 0, []).append(message)
        for partition, group in groups.items():
            judged = judge(rules, shards[partition], _raw(topics["readings"], partition, group))
            for name, encode in (
                ("observations", encode_observations),
                ("alerts", encode_changes),
                ("rejected", encode_rejected),
            ):
                for key, value in encode(judged):
                    out.produce(topics[name], value, key, partition)
            out.poll(0)
    out.flush(60)
    consumer.close()


def _raw(topic: str, partition: int, group: list[Any]) -> RawBatch:
    offsets = [m.offset() for m in group]
    return RawBatch(
        topic,
        partition,
        offsets,
        [m.value() for m in group],
        [m.key() for m in group],
        [m.timestamp()[1] for m in group],
        offsets[-1] + 1,
    )


def run_naive(bootstrap: str, topics: dict[str, str]) -> None:
    """As the tutorials write it: stock source and sink, one message at a time, a key per sensor."""
    import bytewax.operators as op
    from bytewax.connectors.kafka import KafkaSinkMessage
    from bytewax.connectors.kafka import operators as kop
    from bytewax.dataflow import Dataflow
    from bytewax.run import cli_main

    rules: Plan = plan(load_commune())
    flow = Dataflow("naive")
    kin = kop.input("in", flow, brokers=[bootstrap], topics=[topics["readings"]], tail=False)
    keyed = op.key_on("key", kin.oks, lambda m: (m.key or b"").decode())

    def step(shard: Shard | None, m: Any) -> tuple[Shard, Judged]:
        shard = {} if shard is None else shard
        stamp = round(m.timestamp[1]) if isinstance(m.timestamp, tuple) else m.timestamp
        raw = RawBatch(m.topic, m.partition, [m.offset], [m.value], [m.key], [stamp], m.offset + 1)
        return shard, judge(rules, shard, raw)

    judged = op.stateful_map("judge", keyed, step)
    for name, encode in (
        ("observations", encode_observations),
        ("alerts", encode_changes),
        ("rejected", encode_rejected),
    ):
        found = op.flat_map(name, judged, partial(_records, encode))
        records = op.map(f"{name}_record", found, lambda record: KafkaSinkMessage(record[0], record[1]))
        kop.output(f"{name}_out", records, brokers=[bootstrap], topic=topics[name])
    cli_main(flow)  # type: ignore[no-untyped-call]


def _records(encode: Callable[[Judged], Iterable[Any]], item: tuple[str, Judged]) -> Iterable[Any]:
    return encode(item[1])


WAYS = {"flow": run_flow, "plain": run_plain, "naive": run_naive}


def main() -> None:
    """`python -m infra.lab.bench.telemetry WAY BOOTSTRAP TOPICS_JSON`: run one way on one core, print its seconds."""
    way, bootstrap, topics = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    # Imports are not what is measured.
    import bytewax.connectors.kafka.operators
    import bytewax.run  # noqa: F401

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if way != "naive":
        # Part of how ours is run (connectors/bytewax_runner.py); the plain loop gets the same.
        tune()
    start = time.perf_counter()
    WAYS[way](bootstrap, topics)
    print(json.dumps({"wall_s": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
