"""The three ways of the telemetry flow, one after the other over the same records."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from connectors.kafka.client import client_settings
from infra.lab.bench.pour import pour
from infra.lab.bench.result import Result, compared
from infra.lab.bench.telemetry import made
from models.envelope.partition import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OUTPUTS = ("observations", "alerts", "rejected", "testimony")
AT_LEAST_PLAIN, AT_LEAST_NAIVE = 0.8, 5.0
NAIVE_PART = 4
"""The naive way gets a fourth of the records: it is that much slower, and its rate does not depend on it."""


def telemetry(bootstrap: str, records: int, runs: int, tell: Callable[[str], None]) -> list[Result]:
    """Rates of the flow beside the plain loop and beside the naive way, each pair in one run."""
    tell(f"ghi {records} bản tin (writing readings)")
    sizes = {"flow": records, "plain": records, "naive": records // NAIVE_PART}
    full, part = topics(bootstrap, "full", ("readings",)), topics(bootstrap, "part", ("readings",))
    pour(bootstrap, full["readings"], made(records))
    pour(bootstrap, part["readings"], made(sizes["naive"]))
    rates: dict[str, list[float]] = {way: [] for way in sizes}
    for run in range(runs):
        for way, size in sizes.items():
            own = topics(bootstrap, f"{way}-{run}", OUTPUTS) | (part if way == "naive" else full)
            rates[way].append(size / _seconds(way, bootstrap, own))
            delete(bootstrap, [own[name] for name in OUTPUTS])
            tell(f"{way}: {rates[way][-1]:,.0f}/s ({run + 1}/{runs})")
    delete(bootstrap, [full["readings"], part["readings"]])
    return [
        compared(
            "luồng telemetry / vòng lặp thường (flow / plain loop)",
            "readings/s",
            rates["flow"],
            rates["plain"],
            AT_LEAST_PLAIN,
        ),
        compared(
            "luồng telemetry / viết ngây thơ (flow / naive flow)",
            "readings/s",
            rates["flow"],
            rates["naive"],
            AT_LEAST_NAIVE,
        ),
    ]


@contextmanager
def own_topic(bootstrap: str, mark: str, name: str) -> Iterator[str]:
    """A topic of the benchmark's own, gone afterwards."""
    made = topics(bootstrap, mark, (name,))[name]
    try:
        yield made
    finally:
        delete(bootstrap, [made])


def topics(bootstrap: str, mark: str, names: tuple[str, ...]) -> dict[str, str]:
    """Empty topics of the benchmark: name -> its full name."""
    made = {name: f"bench-{mark}-{name}" for name in names}
    admin = AdminClient(client_settings(bootstrap))
    # -1: the records' own times lie in the past, retention would take them while we read.
    wanted = [NewTopic(name, PARTITIONS, 1, config={"retention.ms": "-1"}) for name in made.values()]
    for future in admin.create_topics(wanted).values():
        future.result(timeout=30)
    return made


def delete(bootstrap: str, names: list[str]) -> None:
    """End topics of the benchmark."""
    admin = AdminClient(client_settings(bootstrap))
    for future in admin.delete_topics(names).values():
        future.result(timeout=30)


def _seconds(way: str, bootstrap: str, topics: dict[str, str]) -> float:
    command = [sys.executable, "-m", "infra.lab.bench.telemetry", way, bootstrap, json.dumps(topics)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"{way}: {done.stderr[-2000:]}"
        raise RuntimeError(msg)
    return float(json.loads(done.stdout.splitlines()[-1])["wall_s"])
