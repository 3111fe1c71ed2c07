"""A copy of the stack for a purpose of its own (demo, benchmark, faults): own folder, ports, servers."""

from __future__ import annotations

import os
from typing import Any

from connectors import commune as files
from connectors.security import SecuritySettings
from connectors.settings import Settings, settings
from infra.run.stack import credentials, grafana, lifecycle
from models.catalogue.channels import addresses

OUTSIDE = (
    "PHUSA_KAFKA",
    "PHUSA_DATABASE",
    "PHUSA_MQTT",
    "PHUSA_GRAFANA",
    "PHUSA_SECRETS",
    "PHUSA_CAMERA_SERVER",
    # A listener of its own beyond this machine, or another server's certificates: neither is a sandbox's.
    *(f"PHUSA_{name.upper()}" for name in SecuritySettings.model_fields),
    # Links of its messages would lead to the page of the real copy.
    "PHUSA_PAGE_PUBLIC_URL",
    "PHUSA_PARTITIONS",
    "PHUSA_REPLICAS",
    "PHUSA_TELEMETRY_SHARDS",
    "PHUSA_CAMERAS_SHARDS",
    "PHUSA_PAYMENTS_SHARDS",
    *(one.setting for one in addresses().values()),
)
"""Servers that already run hold other people's data, real gateways cost money: a sandbox never uses them. Nor is it spread over more processes."""
STILL = "stream"
"""A clock without time: the processes stand and wait, and nobody judges silence."""


class Sandbox:
    """`settings` are those of the copy; every process of it, and this one, reads the same."""

    def __init__(self, name: str, ports_away: int, **changed: Any) -> None:
        """`ports_away` from the copy that may be running for real; `changed` are fields of Settings."""
        for one in OUTSIDE:
            os.environ.pop(one, None)
        settings.cache_clear()
        base = settings()
        own = {
            "var": base.var / name,
            "port_base": base.port_base + ports_away,
            # Its days pass in minutes: nothing waits for more news of its place.
            "group_interval_s": 0.0,
        }
        self.settings: Settings = base.model_copy(update=own | {"clock": STILL} | changed)
        self._tell_this_process()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes of this copy need to find each other."""
        own = self.settings
        return {
            "PHUSA_VAR": str(own.var),
            "PHUSA_PORT_BASE": str(own.port_base),
            "PHUSA_COMMUNE": str(own.commune),
            "PHUSA_RECEIPT_WAIT_S": str(own.receipt_wait_s),
            "PHUSA_CHANNEL_WAIT_S": str(own.channel_wait_s),
            "PHUSA_ANSWER_WAIT_S": str(own.answer_wait_s),
            "PHUSA_GROUP_INTERVAL_S": str(own.group_interval_s),
            "PHUSA_CLOCK": own.clock,
            # What is accounted for is what was sent.
            "PHUSA_CANARY": "false",
        } | ({"PHUSA_CAMERA_SERVER": own.camera_server} if own.camera_server else {})

    def _tell_this_process(self) -> None:
        os.environ.update(self.environment)
        settings.cache_clear()

    def empty(self) -> None:
        """End what an earlier run left, and forget its state (not the downloads, which are shared)."""
        if self.settings.var.exists():
            lifecycle.remove(self.settings)
        self.settings.var.mkdir(parents=True)

    def up(self, names: tuple[str, ...] | None = None) -> None:
        """Start everything, or only `names`, with secrets that only this copy knows."""
        credentials.provision(self.settings, files.load(self.settings.commune))
        lifecycle.up(self.settings, self.environment, names=names)

    def take_clock(self, clock: str) -> None:
        """What is started from now on stands on this clock."""
        self.settings = self.settings.model_copy(update={"clock": clock})
        self._tell_this_process()

    def set_clock(self, clock: str, names: tuple[str, ...] | None = None) -> None:
        """Start the processes (all, or `names`) again on another clock; the servers run on."""
        self.take_clock(clock)
        lifecycle.up(self.settings, self.environment, names=names)

    def down(self) -> None:
        """Stop everything; data and reports stay in the folder."""
        lifecycle.down(self.settings)

    def screens(self) -> list[tuple[str, str]]:
        """Title and address of each screen of this copy's Grafana; empty where none runs."""
        runs = any(one.program == grafana.NAME for one in lifecycle.state(self.settings))
        return grafana.links(self.settings) if runs else []

    def stop_command(self) -> str:
        """What a person types to stop this copy."""
        return f"PHUSA_VAR={self.settings.var} PHUSA_PORT_BASE={self.settings.port_base} .venv/bin/phusa down"
