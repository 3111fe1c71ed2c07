"""`phusa bench`: every figure with its baseline in the same run; a table, and var/bench/results.json."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from rich.console import Console
from ruamel.yaml import YAML

from connectors.settings import ROOT, settings
from connectors.weights import resolve
from infra.lab.bench import (
    cameras,
    capture,
    endpoint,
    kafka,
    live,
    live_frames,
    machine,
    nets,
    payments,
    screens,
    sending,
    shards,
    store,
    telemetry,
    watching,
)
from infra.lab.bench.result import compared, keep, show
from infra.rehearsal.sandbox import Sandbox
from infra.rehearsal.simulator import rtsp
from infra.run.processes import PROCESSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.settings import Settings
    from infra.lab.bench.result import Result

PORTS_AWAY = 200
EXAMPLE = ROOT / "infra" / "commune"
PARTS = (
    "telemetry",
    "store",
    "live",
    "sending",
    "endpoint",
    "cameras",
    "payments",
    "crowd",
    "capture",
    "nets",
    "screens",
    "shards",
)
AT_LEAST_COPY = 0.5


def main(*, quick: bool = False, only: str | None = None, years: float = screens.YEARS) -> int:
    """Measure the parts, or `only` one of PARTS; 1 when a target was missed, 2 for an unknown part.

    `years` of a whole commune are made for the screens; a quick run makes QUICK_DAYS.
    """
    console = Console(width=None if Console().is_terminal else 130)
    if only is not None and only not in PARTS:
        console.print(f"Phần (part): {', '.join(PARTS)}")
        return 2
    var = settings().var / "bench"
    sandbox = Sandbox("bench", PORTS_AWAY, commune=var / "commune", grafana_native=False)
    own = sandbox.settings
    sandbox.empty()
    _many_gauges(own.commune)
    results: list[Result] = []

    def tell(words: str) -> None:
        console.print(f"  {words}", style="dim", highlight=False)

    try:
        for name in PARTS if only is None else (only,):
            console.print(f"• {name}")
            if name == "screens":
                days = screens.QUICK_DAYS if quick else max(1, round(years * screens.DAYS_A_YEAR))
                results += screens.screens(sandbox.settings, days, console)
            else:
                results += _PARTS[name](sandbox, quick, tell)
    finally:
        sandbox.down()
    show(results, console)
    keep(results, own.var / "results.json")
    console.print(f"{own.var / 'results.json'}", soft_wrap=True, highlight=False)
    return 0 if all(result.reached for result in results) else 1


def _many_gauges(folder: Path) -> None:
    """The example commune whose levels change at once, with many gauges more: hold times are the rules', not our latency.

    A gauge that swings rings once an hour, so each alert of the latency's has a gauge of its own.
    """
    shutil.copytree(EXAMPLE, folder)
    yaml, rules, stations = YAML(), folder / "rules.yaml", folder / "stations.yaml"
    found, known = yaml.load(rules), yaml.load(stations)
    river = next(rule for rule in found["rules"] if rule["parameter"] == live.RIVER)
    gauge = next(one for one in known["stations"] if one["id"] == river["stations"][0])
    names = [live.gauge(number) for number in range(live.GAUGES)]
    known["stations"] += [dict(gauge) | {"id": name, "name": name} for name in names]
    river["stations"] += names
    for rule in found["rules"]:
        rule["hold_s"] = 0
    yaml.dump(known, stations)
    yaml.dump(found, rules)


def _telemetry(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    records, runs = (200_000, 1) if quick else (1_000_000, 5)
    return kafka.telemetry(sandbox.settings.bootstrap, records, runs, tell)


def _store(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    records, runs = (100_000, 1) if quick else (300_000, 5)
    judged = list(store.batches(records))
    ours, bare = [], []
    for run in range(runs):
        # Before each: an empty table, so that no way meets the other's index.
        _truncate(sandbox.settings)
        bare.append(store.bare_rate(sandbox.settings.dsn("writer"), judged))
        _truncate(sandbox.settings)
        ours.append(store.store_rate(sandbox.settings.dsn("writer"), f"bench-{run}", judged))
        tell(f"COPY {bare[-1]:,.0f}/s, ObservationWriter {ours[-1]:,.0f}/s ({run + 1}/{runs})")
    _truncate(sandbox.settings)
    return [
        compared(
            "ghi TimescaleDB / COPY trần (store / bare COPY BINARY)", "rows/s", ours, bare, AT_LEAST_COPY
        )
    ]


def _truncate(settings: Settings) -> None:
    with psycopg.connect(settings.dsn("admin"), autocommit=True) as db:
        db.execute("truncate phusa.observation, phusa.source_offset")


def _live(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up()
    sandbox.set_clock("system")
    own = sandbox.settings
    gauges = iter(range(live.GAUGES))
    found = [live.latency(own, gauges, 10 if quick else 60, tell)]
    found.append(live.recovery(own, gauges, 1 if quick else 5, tell))
    found += live.idle(own, 10, 1 if quick else 3)
    return found


def _sending(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    sandbox.set_clock("system", ("alerts", "delivery", "gateway"))
    own = sandbox.settings
    found = [machine.speed(), sending.latency(own, 5 if quick else 60, tell)]
    # From here on the sender and the gateway are this part's own.
    sandbox.down()
    sandbox.up(())
    return found + sending.many(own, 500 if quick else 10_000, tell)


def _endpoint(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    own = sandbox.settings
    number, runs = (2000, 1) if quick else (20_000, 5)
    with kafka.own_topic(own.bootstrap, "endpoint", "payments") as topic:
        return endpoint.endpoint(own.bootstrap, topic, own.payments_port, number, runs, tell)


def _cameras(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    own = sandbox.settings
    frames, runs = (400, 1) if quick else (1600, 3)
    weights = resolve(own.weights, own.var / "weights")
    return cameras.cameras(own.bootstrap, weights, _larger(own), frames, runs, tell)


def _nets(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    own = sandbox.settings
    frames, runs = (32, 1) if quick else (128, 3)
    shipped = resolve(own.weights, own.var / "weights")
    return nets.nets(shipped, _larger(own), own.var / "nets", frames, runs, tell)


def _capture(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    if not rtsp.available():
        return []
    sandbox.up(())
    environment = sandbox.environment | {"PHUSA_CLOCK": "system"}
    runs = 1 if quick else 3
    return [
        result
        for number in (8, live_frames.CAMERAS)
        for result in capture.cost(sandbox.settings, environment, number, runs, tell)
    ]


def _larger(own: Settings) -> Path | None:
    """The COCO net beside the recordings, in ultralytics' own format, where there is one."""
    found = own.data.parent / "weights" / "yolov8n_coco_dequantised.pt" if own.data else None
    return found if found and found.exists() else None


def _payments(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    own = sandbox.settings
    events, runs = (100_000, 1) if quick else (400_000, 5)
    found = payments.payments(own.bootstrap, events, runs, tell)
    rows, runs = (50_000, 1) if quick else (200_000, 5)
    return found + payments.store(own.dsn("writer"), own.dsn("admin"), rows, runs, tell)


def _crowd(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    live_frames.configure(sandbox.settings.commune)
    sandbox.up(())
    names = tuple(process for process in PROCESSES if process not in ("capture", "bridge"))
    sandbox.up(names)
    sandbox.set_clock("system", names)
    return [live_frames.latency(sandbox.settings, 20 if quick else 60, tell)]


def _shards(sandbox: Sandbox, quick: bool, tell: Callable[[str], None]) -> list[Result]:
    sandbox.up(())
    own = sandbox.settings
    runs = 1 if quick else 3
    servers = {"Kafka": live.pid(own, "kafka"), "TimescaleDB": live.pid(own, "timescaledb")}
    weights = resolve(own.weights, own.var / "weights")
    readings, frames, events = (100_000, 200, 100_000) if quick else (200_000, 240, 200_000)
    kafka_only = {"Kafka": servers["Kafka"]}
    plain = {"compression.type": "none"}
    loads = [
        shards.Load("telemetry", telemetry.made(readings), readings, kafka_only, data=own.var),
        shards.Load("telemetry", telemetry.made(readings), readings, servers, own.dsn("admin")),
        shards.Load("cameras", watching.made(frames), frames, kafka_only, None, weights, plain, own.var),
        shards.Load("payments", payments.made(events), events, kafka_only, data=own.var),
    ]
    return [line for load in loads for line in shards.shards(own.bootstrap, load, runs, tell)]


_PARTS = {
    "telemetry": _telemetry,
    "store": _store,
    "live": _live,
    "sending": _sending,
    "endpoint": _endpoint,
    "cameras": _cameras,
    "payments": _payments,
    "crowd": _crowd,
    "capture": _capture,
    "nets": _nets,
    "shards": _shards,
}
