"""The demo's day is told in full; on one core beside a full load it tells what it tells on a free machine, only later.

The second is `make slow`: by itself it takes as long as a third of all other tests, and makes load for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
import pytest

from connectors.settings import ROOT, Settings
from infra.rehearsal.demo import outcome
from infra.rehearsal.demo.outcome import PlayResult
from infra.rehearsal.demo.stage import PORTS_AWAY
from infra.rehearsal.demo.summary import Summary
from infra.run.stack import lifecycle
from infra.run.stack.ports import is_free

HOURS = 14
"""Low oxygen before dawn, dust and the market in the morning, alarm level III at 13:10: all claims of the day."""
DAY = "2026-11-20"
"""The same date for both plays, whenever they are made."""
BUSY = "while True: pass"

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.timeout(4200),  # ends what hangs; beside a full load both plays took 33 min in all
    pytest.mark.skipif(
        not hasattr(os, "sched_setaffinity"), reason="this system cannot bind a process to a core"
    ),
]


@dataclass(frozen=True)
class Played:
    """What a play has left behind."""

    code: int
    said: str
    summary: Summary
    outcome: PlayResult


@pytest.fixture(scope="module")
def ports() -> int:
    """A base whose demo (a hundred further) has twenty free ports, below those lent to outgoing connections."""
    for base in range(29_000, 32_000, 20):
        if all(is_free(port) for port in range(base + PORTS_AWAY, base + PORTS_AWAY + 20)):
            return base
    pytest.fail("no twenty free ports between 29100 and 32100")


def bound(core: int | None) -> list[str]:
    """A Python that stays on one core, with all that it starts."""
    words = "" if core is None else f"import os; os.sched_setaffinity(0, {{{core}}}); "
    start = f"import sys; {words}sys.argv[0] = 'phusa'; from infra.phusa import app; app()"
    return [sys.executable, "-c", start]


@contextmanager
def busy(core: int) -> Iterator[None]:
    """A process that never rests, on that core; gone afterwards, whatever happens."""
    words = f"import os; os.sched_setaffinity(0, {{{core}}})\n{BUSY}"
    # One: beside two the day's 84 steps took 21 minutes, and showed no more.
    load = subprocess.Popen([sys.executable, "-c", words])
    try:
        yield
    finally:
        load.kill()
        load.wait()


def play(name: str, ports: int, core: int | None) -> Played:
    var = ROOT / "var" / f"test-{name}"
    own = {key: value for key, value in os.environ.items() if not key.startswith("PHUSA_")}
    own |= {"PHUSA_VAR": str(var), "PHUSA_PORT_BASE": str(ports), "CI": "true"}
    # Rendering what the cameras see is no part of the platform: the slow play shows the free one's films.
    films = ["--films", str(ROOT / "var" / "test-films")]
    # Steps three times as long, half of what makes a station silent: each costs what fifteen processes need to look around, 10 s on part of a core.
    day = ["--hours", str(HOURS), "--day", DAY, "--step", "15"]
    command = [*bound(core), "demo", *day, "--no-keep", *films]
    left = var / "demo"
    try:
        done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True, check=False)
        # Without librdkafka's own lines: a log that keeps only its end would show nothing else.
        lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("%")]
        said = "\n".join(lines)
        assert (left / "outcome.json").exists(), f"exit {done.returncode}: {said}"
        found = msgspec.json.decode((left / "summary.json").read_bytes(), type=Summary)
        return Played(done.returncode, said, found, outcome.load(left / "outcome.json"))
    finally:
        if left.exists():
            lifecycle.remove(Settings(var=left, port_base=ports + PORTS_AWAY))


@pytest.fixture(scope="module")
def free(ports: int) -> Played:
    """On all cores."""
    return play("free", ports, None)


@pytest.fixture(scope="module")
def slow(ports: int, free: Played) -> Played:  # noqa: ARG001 (one after the other)
    """On one core, beside a process that never rests."""
    core = min(os.sched_getaffinity(0))
    with busy(core):
        return play("slow", ports, core)


def complete(played: Played) -> None:
    """The play ended well, each message has its end, nothing that was sent is missing."""
    assert played.code == 0, played.said
    assert played.summary.gaps == []
    counted = played.summary.counted
    assert counted.in_kafka == counted.read == counted.ended
    assert all(stream.complete for stream in played.summary.streams)


def all_told(summary: Summary) -> None:
    """Whatever was true has its alert, and each message was delivered."""
    told = {(lead.crossing.rule, lead.crossing.station, lead.crossing.level): lead for lead in summary.leads}
    assert {("river-phu-oc", "phu-oc", level) for level in (1, 2, 3)} <= set(told)
    assert {("pm25-hourly", "air-la-van-ha", level) for level in (1, 2)} <= set(told)
    assert all(one.alert_at is not None for one in told.values())
    assert {message.row.state for message in summary.messages} == {"delivered"}


def test_every_message_has_its_end_and_the_demo_ends_well(free: Played) -> None:
    complete(free)


def test_everything_that_was_true_is_told(free: Played) -> None:
    all_told(free.summary)


@pytest.mark.slow_machine
def test_on_one_busy_core_every_message_has_its_end_and_the_demo_ends_well(slow: Played) -> None:
    complete(slow)


@pytest.mark.slow_machine
def test_on_one_busy_core_everything_that_was_true_is_told(slow: Played) -> None:
    all_told(slow.summary)


@pytest.mark.slow_machine
def test_one_busy_core_tells_what_a_free_machine_tells(free: Played, slow: Played) -> None:
    complete(free)
    assert outcome.differences(free.outcome, slow.outcome) == []
