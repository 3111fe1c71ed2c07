"""Our processes: `phusa run NAME`, one in the foreground, as the supervisor runs it.

This module imports almost nothing: a process that died is back in a second. TABLE is the one list of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from connectors import readiness
from connectors.readiness import HTTP, KAFKA, MQTT, PARTITIONS, STORE
from connectors.settings import Settings, settings
from infra.run import logs, probes
from models.telemetry.ownership import WHOLE, Ownership, everyone, read_ownership

if TYPE_CHECKING:
    from connectors.recovery.place import Claim

FREE = "free"
_SHARE = re.compile(r"-[0-9]+-of-[0-9]+$")


class Process(NamedTuple):
    """One of our processes."""

    begin: Callable[..., None]
    """Gets the Settings; where partitions are shared, also the Claim of its own."""
    needs: tuple[str, ...]
    """What must be there before it is ready; see connectors.readiness."""
    port: str | None = None
    """The field of Settings with the port on which it answers in HTTP."""
    port_title: str = ""
    topic: str | None = None
    """Of a flow whose processes may share the partitions: what it reads."""

    def listens_on(self, own: Settings) -> int | None:
        """Its port in this copy."""
        return None if self.port is None else int(getattr(own, self.port))


def run(
    name: Annotated[str, typer.Argument(help="tên tiến trình (its name)")],
    shard: Annotated[
        str | None,
        typer.Option(
            help="1/4: phần p với p % 4 = 0; free: chỗ còn trống đầu tiên (the partitions p with p % 4 = 0; the first that is free)"
        ),
    ] = None,
) -> None:
    """Chạy một tiến trình ở tiền cảnh (run one process in the foreground)."""
    if name not in PROCESSES:
        typer.echo(f"Không có tiến trình {name!r}; có: {', '.join(PROCESSES)} (no such process)", err=True)
        raise typer.Exit(2)
    logs.configure()
    own, process = settings(), TABLE[name]
    claim = None if process.topic is None else _claimed(own, name, shard)
    if shard is not None and claim is None:
        typer.echo(f"{name} chỉ có một tiến trình (cannot be shared)", err=True)
        raise typer.Exit(2)
    known_as = name if claim is None else program_name(name, claim.owner)
    readiness.begin(ready_file(own, known_as), process.needs)
    probes.start(own, process.needs, process.listens_on(own))
    process.begin(*(own,) if claim is None else (own, claim))


def _claimed(own: Settings, name: str, shard: str | None) -> Claim:
    """The recovery store of this process: named, the first that is free, or the only one; ends the process where there is none."""
    from connectors.recovery.place import Claim, StateError, first_free

    root = state_folder(own, name)
    try:
        if shard == FREE:
            return first_free(root, own.shards(name))
        owner = WHOLE if shard is None else read_ownership(shard)
    except ValueError as error:
        typer.echo(f"--shard: {error}", err=True)
        raise typer.Exit(2) from None
    except StateError as error:
        raise _no_claim(error) from None
    if owner.of > own.partitions:
        typer.echo(
            f"--shard {shard}: chỉ có {own.partitions} phần (there are {own.partitions} partitions)", err=True
        )
        raise typer.Exit(2)
    try:
        return Claim(root, owner)
    except StateError as error:
        raise _no_claim(error) from None


def _no_claim(error: Exception) -> typer.Exit:
    typer.echo(f"LỖI / ERROR: {error}", err=True)
    return typer.Exit(1)


def program_name(name: str, owner: Ownership) -> str:
    """How the supervisor, the log and `phusa status` call a process: `telemetry`, or `telemetry-1-of-2`."""
    return name if owner == WHOLE else f"{name}-{owner.name}"


def process_of(program: str) -> str:
    """Which process of TABLE a program is: `telemetry` for `telemetry-1-of-2`; other names stay as they are."""
    return _SHARE.sub("", program)


def owners(own: Settings, name: str) -> list[Ownership]:
    """All that share a process's work; one for most."""
    return everyone(own.shards(name) if TABLE[name].topic else 1)


def state_folder(own: Settings, name: str) -> Path:
    """What a flow remembers; see connectors.recovery.place."""
    return own.var / "state" / name


def ready_file(own: Settings, name: str) -> Path:
    """Where the process tells whether it is ready."""
    return own.var / "run" / f"{name}.ready"


# Each imports only what it needs: a process starts in half the time.
def _gateway(own: Settings) -> None:
    # By name: the phones of a rehearsal are no part of production, which has gateways that cost money.
    import_module("infra.rehearsal.gateway.server").run(own)


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


def _cameras(_own: Settings, claim: Claim) -> None:
    from connectors import bytewax_runner
    from flows import cameras

    bytewax_runner.run(cameras.production(claim.owner), claim)


def _payments(_own: Settings, claim: Claim) -> None:
    from connectors import bytewax_runner
    from flows import payments

    bytewax_runner.run(payments.production(claim.owner), claim)


def _telemetry(_own: Settings, claim: Claim) -> None:
    from connectors import bytewax_runner
    from flows import telemetry

    bytewax_runner.run(telemetry.production(claim.owner), claim)


def _alerts(own: Settings) -> None:
    from connectors import bytewax_runner
    from flows import alerts

    bytewax_runner.run(alerts.production(), state_folder(own, "alerts"))


def _delivery(own: Settings) -> None:
    from flows import delivery

    delivery.run(own)


def _housekeeper(own: Settings) -> None:
    from connectors.timescale import housekeeper
    from infra.run.stack.measured import measured

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
    "telemetry": Process(_telemetry, _FLOW, topic="readings"),
    "cameras": Process(_cameras, _FLOW, topic="frames"),
    "payments": Process(_payments, _FLOW, topic="payments"),
    "alerts": Process(_alerts, _FLOW),
    "delivery": Process(_delivery, (KAFKA, STORE, HTTP, PARTITIONS), "receipts_port", "biên nhận (receipts)"),
    "places": Process(_places, _FLOW),
    "housekeeper": Process(_housekeeper, (STORE,)),
}
"""All that is known of our processes, in the order in which they start."""
PROCESSES = tuple(TABLE)
SHARED = {name: one.topic for name, one in TABLE.items() if one.topic is not None}
"""The flows whose processes may share the partitions of a topic, and that topic."""

if __name__ == "__main__":
    # The supervisor starts it so, without the other commands.
    typer.run(run)
