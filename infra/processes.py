"""Our processes: `phusa run NAME`, one in the foreground, as the supervisor runs it.

This module imports almost nothing: a process that died is back in a second. TABLE is the one list of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from connectors import readiness
from connectors.readiness import HTTP, KAFKA, MQTT, PARTITIONS, STORE
from connectors.settings import Settings, settings
from infra import logs, probes


class Process(NamedTuple):
    """One of our processes."""

    begin: Callable[[Settings], None]
    needs: tuple[str, ...]
    """What must be there before it is ready; see connectors.readiness."""
    port: str | None = None
    """The field of Settings with the port on which it answers in HTTP."""
    port_title: str = ""

    def listens_on(self, own: Settings) -> int | None:
        """Its port in this copy."""
        return None if self.port is None else int(getattr(own, self.port))


def run(name: Annotated[str, typer.Argument(help="tên tiến trình (its name)")]) -> None:
    """Chạy một tiến trình ở tiền cảnh (run one process in the foreground)."""
    if name not in PROCESSES:
        typer.echo(f"Không có tiến trình {name!r}; có: {', '.join(PROCESSES)} (no such process)", err=True)
        raise typer.Exit(2)
    logs.configure()
    own, process = settings(), TABLE[name]
    readiness.begin(ready_file(own, name), process.needs)
    probes.start(own, process.needs, process.listens_on(own))
    process.begin(own)


def ready_file(own: Settings, name: str) -> Path:
    """Where the process tells whether it is ready."""
    return own.var / "run" / f"{name}.ready"


# Each imports only what it needs: a process starts in half the time.
def _gateway(own: Settings) -> None:
    from infra.gateway import server

    server.run(own)


def _endpoint(own: Settings) -> None:
    from connectors.payments import application

    application.run(own)


def _page(own: Settings) -> None:
    from connectors.page import application

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
    from infra.stack.measured import measured

    housekeeper.run(own, lambda store: measured(own, store))


def _places(own: Settings) -> None:
    from connectors import bytewax_runner
    from connectors.timescale.saying import saying
    from flows import places

    with saying(own):
        bytewax_runner.run(places.production(), own.var / "state" / "places")


_FLOW = (PARTITIONS, KAFKA, STORE)
TABLE = {
    "gateway": Process(_gateway, (HTTP,), "gateway_port", "cổng tin nhắn (gateway)"),
    # It says in words what it waits for, so it needs nothing but itself.
    "page": Process(_page, (HTTP,), "page_port", "trang thông tin (information page)"),
    "endpoint": Process(_endpoint, (KAFKA, HTTP), "payments_port", "thanh toán (payments)"),
    "bridge": Process(_bridge, (MQTT, KAFKA)),
    "intake": Process(_intake, (KAFKA, STORE, HTTP, PARTITIONS), "intake_port", "phiếu đo (form)"),
    "capture": Process(_capture, (KAFKA,)),
    "telemetry": Process(_telemetry, _FLOW),
    "cameras": Process(_cameras, _FLOW),
    "payments": Process(_payments, _FLOW),
    "alerts": Process(_alerts, _FLOW),
    "delivery": Process(_delivery, (KAFKA, STORE, HTTP, PARTITIONS), "receipts_port", "biên nhận (receipts)"),
    "places": Process(_places, _FLOW),
    "housekeeper": Process(_housekeeper, (STORE,)),
}
"""All that is known of our processes, in the order in which they start."""
PROCESSES = tuple(TABLE)

if __name__ == "__main__":
    # The supervisor starts it so, without the other commands.
    typer.run(run)
