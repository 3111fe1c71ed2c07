"""What 10,000 stations of 12 sensors cost in memory and at a snapshot, a day into their readings of every five minutes.

`python -m infra.measure.state [STATIONS]`; one partition of four is built at a time, so a small machine can say it too.
"""

from __future__ import annotations

import gc
import pickle
import resource
import sys
import time
from array import array

from models.telemetry.check import LATE_MS
from models.telemetry.partition import PARTITIONS
from models.telemetry.seen import SLACK
from models.telemetry.sensor import SensorState, Shard

SENSORS, INTERVAL_MS = 12, 300_000


def shard(stations: int) -> Shard:
    """A partition's share of the stations; every sensor holds as much as it ever may."""
    kept = round(SLACK * LATE_MS / INTERVAL_MS)
    made: Shard = {}
    for station in range(stations // PARTITIONS):
        for sensor in range(SENSORS):
            state = made[f"tram-{station}", f"thong-so-{sensor}"] = SensorState()
            state.seen.times = array("q", (i * INTERVAL_MS for i in range(kept)))
            state.seen.values = array("d", (i / 7 for i in range(kept)))
    return made


def main() -> None:
    """Print bytes and seconds for all partitions together."""
    stations = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one = shard(stations)
    held = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 * PARTITIONS
    gc.collect()
    spans = []
    for _ in range(5):
        start = time.perf_counter()
        size = len(pickle.dumps(one, protocol=5))
        spans.append(time.perf_counter() - start)
    print(
        f"{stations} stations x {SENSORS} sensors: {held / 2**20:.0f} MiB in memory, {size * PARTITIONS / 2**20:.0f} MiB pickled; "
        f"one partition's snapshot {1000 * sorted(spans)[2]:.0f} ms (median of 5)"
    )


if __name__ == "__main__":
    main()
