"""The telemetry judgement over recordings, without servers: the very functions of the flow, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.places.report import picked
from models.places.scene import scene
from models.places.witnesses import Memory, hear
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from models.commune.configuration import Commune

SIZE = 2000


def judged(frame: pl.DataFrame, commune: Commune) -> Iterator[Judged]:
    """What the flow makes of a recording's frame (infra.rehearsal.recordings.frame); witnesses' changes come as batches of their own."""
    laid, own, memory = plan(commune), scene(commune), Memory()
    shards: defaultdict[int, Shard] = defaultdict(dict)
    offsets: defaultdict[int, int] = defaultdict(int)
    for part in frame.sort("ms", maintain_order=True).iter_slices(SIZE):
        split: defaultdict[int, list[tuple[int, bytes, bytes]]] = defaultdict(list)
        for station, ms, payload in part.select("station", "ms", "payload").iter_rows():
            split[partition_of(station)].append((ms, payload.encode(), station.encode()))
        for partition, records in sorted(split.items()):
            first = offsets[partition]
            offsets[partition] += len(records)
            batch = RawBatch(
                "readings", partition, list(range(first, offsets[partition])), [record[1] for record in records],
                [record[2] for record in records], [record[0] for record in records], offsets[partition],
            )  # fmt: skip
            found = judge(laid, shards[partition], batch)
            yield found
            told = hear(own, memory, picked(own, found))
            if told.changes or told.verdicts:
                yield Judged(
                    batch.topic,
                    partition,
                    batch.next_offset,
                    0,
                    [],
                    [],
                    [],
                    told.changes,
                    [],
                    [],
                    told.verdicts,
                )


def final(parts: list[Judged]) -> dict[tuple[str, str, int], tuple[int, set[str]]]:
    """(station, parameter, time in ms) -> the flag as known at the end and the tests that gave it: the view observation_checked."""
    said: dict[tuple[str, str, int], dict[str, int]] = {}
    for part in parts:
        for verdict in part.verdicts:
            said.setdefault((verdict.source, verdict.parameter, round(verdict.at.timestamp() * 1000)), {})[
                verdict.test
            ] = verdict.flag
    found = {}
    for part in parts:
        for each in part.observations:
            key = (each.source, each.parameter, round(each.at.timestamp() * 1000))
            tests = said.get(key, {})
            flag = max(tests.values(), default=each.flag)
            found[key] = (int(flag), {test for test, flag in tests.items() if flag > 1})
    return found
