"""Two processes of a flow beside one, over the same records: what a second process brings, and what the servers take of the machine.

On a machine of two cores broker and store share them with the flow, so that the rate tells less than it would on machines of their own.
Therefore two more figures, which no neighbour on the machine can bend: the processor's seconds that a record costs with one
process over those with two (1.0: sharing costs nothing), and with it the rate that two reach where each has a core to itself.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import psycopg

from infra.lab.bench.kafka import delete, topics
from infra.lab.bench.pour import pour
from infra.lab.bench.result import Result, compared, told
from infra.lab.bench.shard import OUTPUTS, TOPIC, Part, Took
from models.envelope.ownership import everyone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from infra.lab.bench.pour import Made

AT_LEAST = 1.7
TICKS = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """What a flow is given: the records, how many, and the servers whose share is told (name -> process id).

    `admin`: the administrator of the database into which it stores; none: it stores nothing.
    """

    flow: str
    records: Iterable[Made]
    number: int
    servers: dict[str, int]
    admin: str | None = None
    weights: Path | None = None
    config: dict[str, str] | None = None
    data: Path | None = None
    """The broker's folder of data: what a record takes there is told."""


class Run(NamedTuple):
    """One run: its rate, the seconds of the processor by flow and server, and the share of the busiest process."""

    rate: float
    flow_s: float
    busiest_s: float
    servers_s: dict[str, float]
    peak_mib: float
    row_bytes: float
    """What a record takes in the store, with its indexes; 0 where none is stored."""


def shards(bootstrap: str, load: Load, runs: int, tell: Callable[[str], None]) -> list[Result]:
    """The lines of one flow; one and two processes take turns in each run."""
    tell(f"ghi {load.number} bản ghi (writing records)")
    source = topics(bootstrap, f"shards-{load.flow}", (TOPIC[load.flow],))
    pour(bootstrap, source[TOPIC[load.flow]], load.records, load.config)
    held = _on_disk(load.data, source[TOPIC[load.flow]]) / load.number if load.data else 0.0
    found: dict[int, list[Run]] = {1: [], 2: []}
    for run in range(runs):
        for number, measured in found.items():
            one = _run(bootstrap, load, source, number, f"{run}-{number}")
            measured.append(one)
            shares = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in one.servers_s.items())
            tell(
                f"{number}: {one.rate:,.0f}/s; CPU: {load.flow} {one.flow_s:.1f} s, {shares} ({run + 1}/{runs})"
            )
    delete(bootstrap, list(source.values()))
    return results(load, found, held)


def results(load: Load, found: dict[int, list[Run]], held: float = 0.0) -> list[Result]:
    """Lines of the table from the runs with one and with two processes; `held`: bytes of a record in Kafka."""
    one, two = found[1], found[2]
    name = f"luồng {load.flow}" + (" vào TimescaleDB (into it)" if load.admin else "")
    million = load.number / 1_000_000
    alone = [run.flow_s / two[i].flow_s for i, run in enumerate(one)]
    apart = [run.flow_s / two[i].busiest_s for i, run in enumerate(one)]
    lines = [
        compared(
            f"{name}: hai tiến trình / một (two / one)",
            "records/s",
            [run.rate for run in two],
            [run.rate for run in one],
            AT_LEAST,
        ),
        _figure(f"{name}: CPU một bản ghi, một / hai (a record's CPU, one / two)", "", alone),
        _figure(f"{name}: mỗi tiến trình một nhân riêng (each a core of its own)", "x", apart),
        _figure(f"{name}: CPU của luồng (the flow's)", "s/1M", [run.flow_s / million for run in one]),
        _figure(f"{name}: bộ nhớ một tiến trình (memory)", "MiB", [run.peak_mib for run in one]),
    ]
    if held:
        lines.append(_figure(f"{name}: một bản ghi trong Kafka (a record in Kafka)", "B", [held]))
    if load.admin:
        rows = [run.row_bytes for run in one]
        lines.append(_figure(f"{name}: một dòng trong kho (a row in the store)", "B", rows))
    return lines + [
        _figure(f"{name}: CPU {server}", "s/1M", [run.servers_s[server] / million for run in one])
        for server in load.servers
    ]


def _figure(name: str, unit: str, values: list[float]) -> Result:
    """A small number, which `told` would round to nothing."""
    return replace(told(name, unit, values), value=round(statistics.median(values), 3))


def _run(bootstrap: str, load: Load, source: dict[str, str], number: int, mark: str) -> Run:
    own = topics(bootstrap, f"shards-{load.flow}-{mark}", OUTPUTS)
    started: list[subprocess.Popen[str]] = []
    for owner in everyone(number):
        part = Part(
            load.flow,
            str(owner),
            owner.number - 1,
            bootstrap,
            own | source,
            load.admin is not None,
            f"shards-{mark}",
            str(load.weights),
        )
        command = [sys.executable, "-m", "infra.lab.bench.shard", msgspec.json.encode(part).decode()]
        started.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        )
    for process in started:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            msg = f"{load.flow}: a process did not start"
            raise RuntimeError(msg)
    before = {name: cpu_s(pid) for name, pid in load.servers.items()}
    took = [msgspec.json.decode(process.communicate()[0], type=Took) for process in _let_go(started)]
    servers = {name: cpu_s(pid) - before[name] for name, pid in load.servers.items()}
    delete(bootstrap, list(own.values()))
    held = 0.0 if load.admin is None else _emptied(load.admin) / load.number
    wall = max(one.ended for one in took) - min(one.began for one in took)
    spent = [one.cpu_s for one in took]
    peak = max(one.peak_mib for one in took)
    return Run(load.number / wall, sum(spent), max(spent), servers, peak, held)


def _emptied(admin: str) -> int:
    """What the observations took, with indexes; they are gone now."""
    with psycopg.connect(admin) as db:
        timescale = db.execute("select 1 from pg_extension where extname = 'timescaledb'").fetchone()
        size = "hypertable_size" if timescale else "pg_total_relation_size"
        row = db.execute(f"select {size}('phusa.observation')").fetchone()
        db.execute("truncate phusa.observation, phusa.source_offset")
    return int(row[0]) if row else 0


def _on_disk(data: Path, topic: str) -> int:
    """Bytes of a topic's records on the broker's disk."""
    return sum(path.stat().st_size for path in data.rglob(f"{topic}-*/*.log"))


def _let_go(started: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    """All begin at once, not one after the other."""
    for process in started:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    return started


def cpu_s(pid: int) -> float:
    """Seconds of the processor of a process with its children, also of those that have ended."""
    total, kin = 0.0, [pid]
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    while kin:
        one = kin.pop()
        kin += parents.get(one, [])
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(each) for each in fields[11:15]) / TICKS
    return total
