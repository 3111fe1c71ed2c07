"""Our processes: `phusa run NAME`, one in the foreground, as the supervisor runs it.

This module imports almost nothing: a process that died is back in a second.
"""

from __future__ import annotations

from typing import Annotated

import typer

from connectors.settings import Settings, settings
from infra import logs

PROCESSES = (
    "gateway",
    "endpoint",
    "bridge",
    "intake",
    "capture",
    "telemetry",
    "cameras",
    "payments",
    "alerts",
    "delivery",
    "housekeeper",
)
"""In the order in which they start."""


def run(name: Annotated[str, typer.Argument(help=f"một trong (one of): {', '.join(PROCESSES)}")]) -> None:
    """Chạy một tiến trình ở tiền cảnh (run one process in the foreground)."""
    if name not in PROCESSES:
        typer.echo(f"Không có tiến trình {name!r}; có: {', '.join(PROCESSES)} (no such process)", err=True)
        raise typer.Exit(2)
    logs.configure()
    _RUNNERS[name](settings())


# Each imports only what it needs: a process starts in half the time.
def _gateway(own: Settings) -> None:
    from infra.gateway import server

    server.run(own)


def _endpoint(own: Settings) -> None:
    from connectors.payments import application

    application.run(own)


def _bridge(own: Settings) -> None:
    from connectors.mqtt import bridge

    bridge.run(own)


def _intake(own: Settings) -> None:
    from connectors.intake import process

    process.run(own)


def _capture(own: Settings) -> None:
    from connectors.cameras import capture

    capture.run(own)


def _cameras(own: Settings) -> None:
    from connectors import bytewax_runner
    from flows import cameras

    bytewax_runner.run(cameras.production(), own.var / "state" / "cameras")


def _payments(own: Settings) -> None:
    from connectors import bytewax_runner
    from flows import payments

    bytewax_runner.run(payments.production(), own.var / "state" / "payments")


def _telemetry(own: Settings) -> None:
    from connectors import bytewax_runner
    from flows import telemetry

    bytewax_runner.run(telemetry.production(), own.var / "state" / "telemetry")


def _alerts(own: Settings) -> None:
    from connectors import bytewax_runner
    from flows import alerts

    bytewax_runner.run(alerts.production(), own.var / "state" / "alerts")


def _delivery(own: Settings) -> None:
    from flows import delivery

    delivery.run(own)


def _housekeeper(own: Settings) -> None:
    from connectors.timescale import housekeeper

    housekeeper.run(own)


_RUNNERS = {
    "gateway": _gateway,
    "endpoint": _endpoint,
    "bridge": _bridge,
    "intake": _intake,
    "capture": _capture,
    "telemetry": _telemetry,
    "cameras": _cameras,
    "payments": _payments,
    "alerts": _alerts,
    "delivery": _delivery,
    "housekeeper": _housekeeper,
}

if __name__ == "__main__":
    # The supervisor starts it so, without the other commands.
    typer.run(run)
