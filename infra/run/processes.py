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
from models.envelope.ownership import WHOLE, Ownership, everyone, read_ownership

if TYPE_CHECKING:
    from connectors.recovery.place import Claim

FREE = "free"
_SHARE = re.compile(r"-[0-9]+-of-[0-9]+$")


class Process(NamedTuple):
    """One of our processes; all come back when they die (infra/run/stack/program.py)."""

    start: str
    """`module:function` that gets the Settings and runs until SIGTERM, of a flow that is shared also the Claim of its own."""
    needs: tuple[str, ...]
    """What must be there before it is ready: its probe (connectors.readiness)."""
    port: str | None = None
    """The field of Settings with the port on which it answers in HTTP."""
    port_title: str = ""
    topic: str | None = None
    """Of a flow whose processes may share the partitions: what it reads."""
    stop_wait_s: int = 20
    """Seconds between SIGTERM and SIGKILL."""

    def listens_on(self, own: Settings) -> int | None:
        """Its port in this copy."""
        return None if self.port is None else int(getattr(own, self.port))

    def main(self) -> Callable[..., None]:
        """What `start` names. It is imported here: a process starts with what it needs, in half the time."""
        module, _, function = self.start.partition(":")
        found: Callable[..., None] = getattr(import_module(module), function)
        return found


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
    process.main()(*(own,) if claim is None else (own, claim))


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


_FLOW = (PARTITIONS, KAFKA, STORE)
TABLE = {
    # The phones of a rehearsal: it runs only while no real gateway is named.
    "gateway": Process(
        "infra.rehearsal.gateway.server:run", (HTTP,), "gateway_port", "cổng tin nhắn (gateway)"
    ),
    # It says in words what it waits for, so it needs nothing but itself.
    "page": Process(
        "connectors.page.application:run", (HTTP,), "page_port", "trang thông tin (information page)"
    ),
    "endpoint": Process(
        "connectors.payments.application:run", (KAFKA, HTTP), "payments_port", "thanh toán (payments)"
    ),
    "bridge": Process("connectors.mqtt.bridge:run", (MQTT, KAFKA)),
    "intake": Process(
        "connectors.intake.process:run", (KAFKA, STORE, HTTP, PARTITIONS), "intake_port", "phiếu đo (form)"
    ),
    "capture": Process("connectors.cameras.capture:run", (KAFKA,)),
    "telemetry": Process("infra.run.mains:telemetry", _FLOW, topic="readings"),
    "cameras": Process("infra.run.mains:cameras", _FLOW, topic="frames"),
    "payments": Process("infra.run.mains:payments", _FLOW, topic="payments"),
    "alerts": Process("infra.run.mains:alerts", _FLOW),
    # A token of Zalo that was asked for must come and be written before the process ends: it is given once (60 s at most).
    "delivery": Process(
        "flows.delivery:run",
        (KAFKA, STORE, HTTP, PARTITIONS),
        "receipts_port",
        "biên nhận (receipts)",
        stop_wait_s=75,
    ),
    "announcer": Process("flows.announcing:run", (STORE,)),
    "places": Process("infra.run.mains:places", _FLOW),
    "housekeeper": Process("infra.run.mains:housekeeper", (STORE,)),
    # Last: the way must stand before something goes it.
    "canary": Process("connectors.mqtt.canary:run", (MQTT,)),
}
"""All that is known of our processes, in the order in which they start."""
PROCESSES = tuple(TABLE)
SHARED = {name: one.topic for name, one in TABLE.items() if one.topic is not None}
"""The flows whose processes may share the partitions of a topic, and that topic."""

if __name__ == "__main__":
    # The supervisor starts it so, without the other commands.
    typer.run(run)
