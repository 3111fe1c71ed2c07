"""Fixtures of the whole tree: the real recordings, the real servers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from connectors.settings import Settings
from infra.run.stack import lifecycle, servers
from infra.run.stack.passwords import passwords
from infra.run.stack.place import place

# No test depends on speed: a busy machine, or one that counts branches, takes longer to think of an example.
CALM = {"suppress_health_check": [HealthCheck.too_slow], "deadline": None}
# The gate says the same of the same tree; whoever looks for more takes other examples each time: --hypothesis-profile=hunt.
settings.register_profile("house", derandomize=True, **CALM)
settings.register_profile("hunt", max_examples=1000, **CALM)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT, PORTS_A_COPY, COPIES = 21000, 20, 400
"""Each clone tests on ports of its own, so that two may run side by side."""
SHARES = 4
"""Worker processes of one run (pytest -n) that have servers of their own, each a quarter of the circle of ports away."""


def worker() -> int:
    """Which process of `pytest -n` this is; 0 where there is one."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % SHARES


def copy_of(name: str) -> tuple[Path, int]:
    """The folder of a test stack of this process and the first of its ports."""
    number = int(place(Settings(var=ROOT / "var" / "test")).mark, 16) + worker() * COPIES // SHARES
    return ROOT / "var" / (f"{name}-{worker()}" if worker() else name), FIRST_PORT + PORTS_A_COPY * (
        number % COPIES
    )


@pytest.fixture(scope="session")
def data() -> Path:
    """The real recordings: PHUSA_DATA, else ../shared/data."""
    folder = Path(os.environ.get("PHUSA_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set PHUSA_DATA")
    return folder


def _settings() -> Settings:
    var, port_base = copy_of("test")
    return Settings(
        var=var,
        port_base=port_base,
        receipt_wait_s=2.0,
        group_interval_s=0.0,
        clock="system",
        canary=False,
        grafana_native=False,
    )


def environment(settings: Settings) -> dict[str, str]:
    """What a process or command of the tests' copy is told."""
    told = {
        "PHUSA_VAR": str(settings.var),
        "PHUSA_PORT_BASE": str(settings.port_base),
        "PHUSA_COMMUNE": str(settings.commune),
        "PHUSA_RECEIPT_WAIT_S": str(settings.receipt_wait_s),
        "PHUSA_GROUP_INTERVAL_S": str(settings.group_interval_s),
        "PHUSA_CLOCK": settings.clock,
        # What tests count is theirs; who tests the canary sends it.
        "PHUSA_CANARY": str(settings.canary),
    }
    elsewhere = {
        "PHUSA_SECRETS": settings.secrets,
        "PHUSA_KAFKA": settings.kafka,
        "PHUSA_DATABASE": settings.database,
    }
    return told | {name: str(value) for name, value in elsewhere.items() if value is not None}


@pytest.fixture(scope="session")
def stack() -> Iterator[Settings]:
    """Real Kafka, TimescaleDB and Mosquitto on an empty state; gone after the tests."""
    settings = _settings()
    if settings.var.exists():
        lifecycle.remove(settings)
    settings.var.mkdir(parents=True)
    lifecycle.up(settings, environment(settings), names=())
    yield settings
    lifecycle.remove(settings)


@pytest.fixture(scope="session")
def running(stack: Settings) -> Settings:
    """The same with all our processes, on the wall clock."""
    lifecycle.up(stack, environment(stack))
    return stack


@pytest.fixture(scope="session")
def server_dsn(stack: Settings) -> str:
    """The database server's administrator."""
    return servers.server_dsn(stack)


@pytest.fixture(scope="session")
def secrets(stack: Settings) -> dict[str, str]:
    """Passwords of the roles; a server has one set for all its databases."""
    return passwords(stack.secrets_dir)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: else one of two processes would be left with them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)


def pytest_configure(config: pytest.Config) -> None:
    """Where the results of all processes come together, failures are named at once."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(Failures(config))


class Failures:
    """Names what fails when it fails: a run of an hour that is cut off has told nothing of it at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One line a failure, amid the dots."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            terminal.write_line(f"\n{report.when} failed: {report.nodeid}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were skipped and why: a test that never runs is no test."""
    by_reason: dict[str, list[str]] = {}
    for one in terminalreporter.stats.get("skipped", []):
        reason = one.longrepr[2] if isinstance(one.longrepr, tuple) else str(one.longrepr)
        by_reason.setdefault(reason.removeprefix("Skipped: "), []).append(one.nodeid)
    if not by_reason:
        return
    terminalreporter.section("bỏ qua, và vì sao (skipped, and why)")
    for reason, names in sorted(by_reason.items()):
        terminalreporter.write_line(f"{len(names)}: {reason}")
        for name, count in sorted(Counter(name.partition("[")[0] for name in names).items()):
            terminalreporter.write_line(f"    {name}" + (f" ({count} hàng, rows)" if count > 1 else ""))
