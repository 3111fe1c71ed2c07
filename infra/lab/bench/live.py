"""The running stack: latency from station to gateway, idle cost, recovery after a kill."""

from __future__ import annotations

import os
import signal
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec
import psycopg

from connectors import commune as files
from connectors.kafka.lag import ends
from infra.lab.bench.result import Result, bounded
from infra.rehearsal.simulator.station import Publisher
from infra.run import stack
from models.envelope.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connectors.settings import Settings

RATE = 1000
WARM_S = 10.0
EVERY = 250
"""Every so many readings one is the first of another gauge, above its highest level: four alerts a second."""
RIVER = "river_level"
GAUGES = 500
"""Four a second for the warm-up, a minute, and five kills of eight seconds."""
FLOWS = ("telemetry", "alerts")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
LATENCY_S, IDLE_PERCENT, RECOVERY_S = 1.0, 5.0, 10.0


def gauge(number: int) -> str:
    """A gauge of the benchmark's commune, by its number."""
    return f"gauge-{number:03d}"


class Traffic:
    """Readings at RATE a second; one gauge after the other is above its highest level, and the next run goes on with the next gauge."""

    def __init__(self, settings: Settings, publisher: Publisher, first: Iterator[int]) -> None:
        """`first`: the numbers of gauges that have sent nothing yet."""
        commune = files.load(settings.commune)
        self._publisher = publisher
        rule = next(rule for rule in commune.rules if rule.parameter == RIVER)
        self._flooded, self._gauges = rule.levels[-1].raise_at + 0.2, map(gauge, first)
        # Quiet sensors: nothing but the gauges may raise an alert.
        self._quiet = [
            (station.id, parameter)
            for station in commune.stations
            for parameter in station.parameters
            if parameter.code not in (RIVER, "dissolved_oxygen", "pm25")
            and not station.id.startswith("gauge-")
        ]

    def run(self, seconds: float) -> None:
        """Publish, evenly spaced in slices of 10 ms."""
        start, sent = time.monotonic(), 0
        encode = msgspec.json.Encoder().encode
        while (passed := time.monotonic() - start) < seconds:
            while sent < passed * RATE:
                station, payload = self._reading(sent)
                self._publisher.publish(station, encode(payload))
                sent += 1
            time.sleep(0.01)

    def _reading(self, number: int) -> tuple[str, Reading]:
        # Microseconds: two readings of a sensor in one slice are two, not a duplicate.
        now = datetime.now(UTC)
        if number % EVERY == 0:
            name = next(self._gauges)
            return name, Reading(1, name, number, now, RIVER, self._flooded, "m")
        station, one = self._quiet[number % len(self._quiet)]
        return station, Reading(1, station, number, now, one.code, (one.low + one.high) / 2, one.unit)


def latencies(settings: Settings) -> list[float]:
    """Seconds from a reading's event time, taken as it is published, to the gateway being called.

    An alert's first change carries the event time of the reading that raised it.
    """
    called = {one["key"]: one["received_at"] for one in httpx.get(f"{settings.gateway_url}/_messages").json()}
    with psycopg.connect(settings.dsn("writer")) as db:
        rows = db.execute(
            "select n.id, c.at from notification n join alert_change c using (alert, seq) where n.step is null"
        ).fetchall()
    return [(datetime.fromisoformat(called[key]) - at).total_seconds() for key, at in rows if key in called]


def latency(settings: Settings, gauges: Iterator[int], seconds: float, tell: Callable[[str], None]) -> Result:
    """p99 of all messages of one run under RATE readings a second."""
    with Publisher.of(settings, "phusa-bench") as publisher:
        traffic = Traffic(settings, publisher, gauges)
        # Cold caches, first connections, a young JVM: not what a day is like.
        traffic.run(WARM_S)
        _wait(lambda: settled(settings))
        httpx.delete(f"{settings.gateway_url}/_messages").raise_for_status()
        traffic.run(seconds)
        publisher.drain()
    _wait(lambda: settled(settings))
    found = sorted(latencies(settings))
    p50, p99 = statistics.median(found), found[min(len(found) - 1, int(0.99 * len(found)))]
    tell(f"{len(found)} tin nhắn (messages): p50 {p50:.3f} s, p99 {p99:.3f} s")
    return bounded(f"trạm → cổng tin nhắn, p99 (station to gateway, {RATE}/s)", "s", [p99], LATENCY_S)


def idle(settings: Settings, seconds: float, runs: int) -> list[Result]:
    """Percent of one core that each flow costs while nothing comes."""
    used: dict[str, list[float]] = {name: [] for name in FLOWS}
    for _ in range(runs):
        before = {name: _cpu_s(settings, name) for name in FLOWS}
        time.sleep(seconds)
        for name in FLOWS:
            used[name].append(100 * (_cpu_s(settings, name) - before[name]) / seconds)
    return [bounded(f"luồng {name} khi rảnh (idle)", "% core", used[name], IDLE_PERCENT) for name in FLOWS]


def recovery(settings: Settings, gauges: Iterator[int], runs: int, tell: Callable[[str], None]) -> Result:
    """Seconds from kill -9 of the telemetry flow to no lag, while RATE readings a second go on."""
    took = []
    for _ in range(runs):
        with Publisher.of(settings, "phusa-bench") as publisher:
            traffic = Traffic(settings, publisher, gauges)
            traffic.run(5)
            os.kill(pid(settings, "telemetry"), signal.SIGKILL)
            start = time.monotonic()
            # 3 s of traffic meet a dead flow; what stands in the topic then must be stored.
            traffic.run(3)
            _wait(lambda: settled(settings))
            took.append(time.monotonic() - start)
            tell(f"kill -9 → {took[-1]:.1f} s")
    return bounded("khôi phục và đuổi kịp sau kill -9 (restored, caught up)", "s", took, RECOVERY_S)


def pid(settings: Settings, name: str) -> int:
    """Process id of a program; raises LookupError when it does not run."""
    for one in stack.state(settings):
        if one.program == name and one.pid:
            return one.pid
    msg = f"{name} does not run"
    raise LookupError(msg)


def _cpu_s(settings: Settings, name: str) -> float:
    text = Path(f"/proc/{pid(settings, name)}/stat").read_text(encoding="ascii")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def settled(settings: Settings) -> bool:
    """Everything in Kafka is stored, every message has been asked for."""
    with psycopg.connect(settings.dsn("writer")) as db:
        rows = db.execute(
            "select topic, sum(next_offset)::bigint from source_offset group by topic"
        ).fetchall()
        due = db.execute("select count(*) from notification where state in ('pending', 'sending')").fetchone()
    stored = {topic: int(total) for topic, total in rows}
    last = ends(settings.bootstrap, ["readings", "testimony", "alerts"])
    return due == (0,) and all(stored.get(topic, 0) >= sum(parts.values()) for topic, parts in last.items())


def _wait(done: Callable[[], bool], timeout_s: float = 120.0) -> None:
    until = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > until:
            msg = f"not settled after {timeout_s:.0f} s"
            raise TimeoutError(msg)
        time.sleep(0.05)
