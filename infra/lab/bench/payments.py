"""The payments flow beside a plain loop with the same rules, and its store beside a bare COPY of the same rows.

python -m infra.lab.bench.payments WAY BOOTSTRAP TOPICS_JSON     run one way on one core, print its seconds
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, LiteralString

import msgspec
import psycopg

from connectors.bytewax_runner import EPOCH, tune
from connectors.commune import load
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings, producer
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.settings import ROOT
from connectors.timescale import ledger
from flows.payments import build, encode_changes, encode_rejected
from infra.lab.bench.kafka import delete, topics
from infra.lab.bench.pour import pour
from infra.lab.bench.result import Result, bounded_below, compared
from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from models.payments.event import PaymentEvent, What
from models.payments.matching import Catalogue, catalogue
from models.posting.post import Shard, post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.lab.bench.pour import Made
    from models.posting.batch import Posted

START_S = 1_790_000_000
OUTPUTS = ("alerts", "rejected")
SEALED = bytes(400)
"""As long as a provider's body."""
AT_LEAST, AT_LEAST_PLAIN, AT_LEAST_COPY = 100_000, 0.8, 0.3
TOGETHER = 5
"""Batches a transaction, about what the store gathers under load."""
COPY_PAYMENT: LiteralString = """
    copy payment (source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en)
    from stdin (format binary)
"""
COPY_SEALED: LiteralString = "copy payment_sealed from stdin (format binary)"
TEXTS = ("RAC T10 HO{:04d}", "NUOC HO{:04d}", "SAP{:02d}", "")


def own() -> Catalogue:
    """The example commune's fees and stalls."""
    found = load(ROOT / "infra" / "commune").payments
    if found is None:
        msg = "the example commune has no payments"
        raise RuntimeError(msg)
    return catalogue(found)


def made(events: int, first: int = 0) -> Iterator[Made]:
    """Distinct payments over all merchants, households and stalls."""
    merchants = list(own().merchants)
    encode = msgspec.json.Encoder().encode
    for i in range(first, first + events):
        at = datetime.fromtimestamp(START_S + i // 50, UTC)
        text = TEXTS[i % 4].format(i % (1959 if i % 4 < 2 else 10) + 1)
        one = PaymentEvent(
            1, "sepay", str(i), at, at, What.PAYMENT, 20_000 + i % 97 * 1000, merchants[i % len(merchants)], text,
            f"{i % 5000:032x}", None, SEALED,
        )  # fmt: skip
        key = f"sepay:{i}"
        yield encode(one), key.encode(), round(at.timestamp() * 1000), partition_of(key)


def run_flow(bootstrap: str, names: dict[str, str]) -> None:
    """Our flow as it runs in production, without the store."""
    from bytewax.run import cli_main

    def sink(name: str, encode: Any) -> Any:
        return KafkaSink(KafkaSinkSettings(bootstrap, names[name]), encode)

    source = KafkaSource(KafkaSourceSettings(bootstrap, names["payments"], "bench", bounded=True))
    flow = build(source, sink("alerts", encode_changes), sink("rejected", encode_rejected), None, own())
    cli_main(flow, epoch_interval=EPOCH)  # type: ignore[no-untyped-call]


def run_plain(bootstrap: str, names: dict[str, str]) -> None:
    """The same rules in a plain confluent-kafka loop."""
    from confluent_kafka import Consumer, TopicPartition

    from connectors.kafka.source import _config

    consumer = Consumer(_config(KafkaSourceSettings(bootstrap, names["payments"], "bench-plain")))
    places = [TopicPartition(names["payments"], one, 0) for one in range(PARTITIONS)]
    left = sum(consumer.get_watermark_offsets(place)[1] for place in places)
    consumer.assign(places)
    out = producer(KafkaSinkSettings(bootstrap, "plain"))
    rules, shards = own(), {one: Shard() for one in range(PARTITIONS)}
    while left:
        messages = consumer.consume(2000, 0.1)
        left -= len(messages)
        groups: dict[int, list[Any]] = {}
        for message in messages:
            groups.setdefault(message.partition() or 0, []).append(message)
        for partition, group in groups.items():
            booked = post(rules, shards[partition], _raw(names["payments"], partition, group))
            for name, encode in (("alerts", encode_changes), ("rejected", encode_rejected)):
                for key, value in encode(booked):
                    out.produce(names[name], value, key)
            out.poll(0)
    out.flush(60)
    consumer.close()


def _raw(topic: str, partition: int, group: list[Any]) -> RawBatch:
    offsets = [m.offset() for m in group]
    stamps = [m.timestamp()[1] for m in group]
    return RawBatch(
        topic,
        partition,
        offsets,
        [m.value() for m in group],
        [m.key() for m in group],
        stamps,
        offsets[-1] + 1,
    )


def payments(bootstrap: str, events: int, runs: int, tell: Callable[[str], None]) -> list[Result]:
    """Events a second of the flow, beside the plain loop."""
    tell(f"ghi {events} khoản tiền (writing payments)")
    full = topics(bootstrap, "full", ("payments",))
    pour(bootstrap, full["payments"], made(events))
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    for run in range(runs):
        for way in WAYS:
            names = topics(bootstrap, f"{way}-{run}", OUTPUTS) | full
            rates[way].append(events / _seconds(way, bootstrap, names))
            delete(bootstrap, [names[name] for name in OUTPUTS])
            tell(f"{way}: {rates[way][-1]:,.0f}/s ({run + 1}/{runs})")
    delete(bootstrap, list(full.values()))
    name = "luồng payments / vòng lặp thường (flow / plain loop)"
    return [
        bounded_below("luồng payments (payments flow)", "events/s", rates["flow"], AT_LEAST),
        compared(name, "events/s", rates["flow"], rates["plain"], AT_LEAST_PLAIN),
    ]


def _seconds(way: str, bootstrap: str, names: dict[str, str]) -> float:
    command = [sys.executable, "-m", "infra.lab.bench.payments", way, bootstrap, json.dumps(names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"{way}: {done.stderr[-2000:]}"
        raise RuntimeError(msg)
    return float(json.loads(done.stdout.splitlines()[-1])["wall_s"])


def store(dsn: str, admin: str, events: int, runs: int, tell: Callable[[str], None]) -> list[Result]:
    """Ledger rows a second, beside a bare COPY of the same rows into the same tables."""
    batches = list(_booked(events))
    ours, bare = [], []
    for run in range(runs):
        bare.append(_bare(admin, batches))
        with psycopg.connect(admin, autocommit=True) as db:
            db.execute("truncate phusa.payment, phusa.payment_return, phusa.payment_sealed")
        writer = ledger.LedgerWriter(dsn, f"bench-{run}")
        start = time.perf_counter()
        for i in range(0, len(batches), TOGETHER):
            writer.write(batches[i : i + TOGETHER])
        ours.append(events / (time.perf_counter() - start))
        writer.close()
        tell(f"COPY {bare[-1]:,.0f}/s, LedgerWriter {ours[-1]:,.0f}/s ({run + 1}/{runs})")
    name = "sổ cái / COPY trần (ledger / bare COPY)"
    return [compared(name, "rows/s", ours, bare, AT_LEAST_COPY)]


def _booked(events: int) -> Iterator[Posted]:
    rules, shard, batch = own(), Shard(), 2000
    records = list(made(events))
    for first in range(0, events, batch):
        part = records[first : first + batch]
        offsets = list(range(first, first + len(part)))
        raw = RawBatch(
            "payments", 0, offsets, [record[0] for record in part], [record[1] for record in part], [START_S * 1000] * len(part),
            offsets[-1] + 1,
        )  # fmt: skip
        yield post(rules, shard, raw)


def _bare(dsn: str, batches: list[Posted]) -> float:
    """COPY straight into the two tables, with their keys: what nothing that is told twice would survive."""
    rows = 0
    with psycopg.connect(dsn) as db:
        db.execute("set search_path = phusa, public")
        db.execute("truncate payment, payment_return, payment_sealed")
        db.commit()
        start = time.perf_counter()
        for i in range(0, len(batches), TOGETHER):
            entries = [e for batch in batches[i : i + TOGETHER] for e in batch.entries]
            with db.cursor() as cursor, cursor.copy(COPY_PAYMENT) as copy:
                copy.set_types(["text", "text", "timestamptz", "timestamptz", "int8", *["text"] * 8])
                for e in entries:
                    copy.write_row(
                        (
                            e.source, e.event, e.at, e.received_at, e.amount_vnd, e.merchant, e.fee, e.stall, e.hamlet,
                            e.household, e.payer, e.vi, e.en,
                        )
                    )  # fmt: skip
            with db.cursor() as cursor, cursor.copy(COPY_SEALED) as copy:
                copy.set_types(["text", "text", "timestamptz", "bytea"])
                for e in entries:
                    copy.write_row((e.source, e.event, e.received_at, e.sealed))
            db.commit()
            rows += len(entries)
        return rows / (time.perf_counter() - start)


WAYS = {"flow": run_flow, "plain": run_plain}


def main() -> None:
    """One way, on one core."""
    way, bootstrap, names = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    import bytewax.run  # noqa: F401 (imports are not what is measured)

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    tune()
    start = time.perf_counter()
    WAYS[way](bootstrap, names)
    print(json.dumps({"wall_s": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
