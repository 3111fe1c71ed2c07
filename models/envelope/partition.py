"""Which partition a station belongs to; the same partition is the shard of its state."""

from __future__ import annotations

import zlib

PARTITIONS = 4
"""Of a keyed topic, where the settings say nothing else."""
_chosen = [PARTITIONS]


def choose(partitions: int) -> None:
    """From now on this process reckons with so many: told once at its start, by its settings (PHUSA_PARTITIONS)."""
    _chosen[0] = partitions


def chosen() -> int:
    """How many partitions a keyed topic has."""
    return _chosen[0]


def partition_of(station: str, partitions: int | None = None) -> int:
    """CRC-32 of the id, as librdkafka's `consistent` partitioner: tools and bridge agree. `partitions` None: the chosen number.

    >>> partition_of("phu-oc")
    1
    """
    return zlib.crc32(station.encode()) % (partitions or _chosen[0])
