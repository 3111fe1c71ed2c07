"""The telemetry flow's store beside bare COPY BINARY of the same rows into the same table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg

from connectors.timescale.observations import COPY, TYPES
from connectors.timescale.sink import ObservationWriter
from infra.lab.bench.telemetry import load_commune, made
from models.envelope.batch import RawBatch
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 5000


def batches(records: int) -> Iterator[Judged]:
    """Judged batches of `records` readings in all."""
    rules, shard = plan(load_commune()), Shard()
    values = [(payload, key, stamp) for payload, key, stamp, _partition in made(records)]
    for first in range(0, records, BATCH):
        part = values[first : first + BATCH]
        offsets = list(range(first, first + len(part)))
        raw = RawBatch(
            "bench",
            0,
            offsets,
            [p for p, _, _ in part],
            [k for _, k, _ in part],
            [s for _, _, s in part],
            offsets[-1] + 1,
        )
        yield judge(rules, shard, raw)


def store_rate(dsn: str, flow: str, judged: list[Judged]) -> float:
    """Rows a second through our writer: rows, marks for the roll-up, offsets row, a transaction a batch."""
    writer = ObservationWriter(dsn, flow)
    start = time.perf_counter()
    for one in judged:
        writer.write([one])
    rate = sum(len(one.observations) for one in judged) / (time.perf_counter() - start)
    writer.close()
    return rate


def bare_rate(dsn: str, judged: list[Judged]) -> float:
    """Rows a second of COPY BINARY alone, the same rows and transactions."""
    rows = [
        [
            (o.at, o.source, o.parameter, o.value, o.unit, int(o.flag), o.seq, o.received_at)
            for o in one.observations
        ]
        for one in judged
    ]
    with psycopg.connect(dsn, autocommit=True) as connection:
        start = time.perf_counter()
        for group in rows:
            with connection.transaction(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for row in group:
                    copy.write_row(row)
        return sum(len(group) for group in rows) / (time.perf_counter() - start)
