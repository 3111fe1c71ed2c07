"""Which partition a station belongs to; the same partition is the shard of its state."""

from __future__ import annotations

import zlib

PARTITIONS = 4


def partition_of(station: str, partitions: int = PARTITIONS) -> int:
    """CRC-32 of the id, as librdkafka's `consistent` partitioner: tools and bridge agree.

    >>> partition_of("phu-oc")
    1
    """
    return zlib.crc32(station.encode()) % partitions
