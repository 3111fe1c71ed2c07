"""Mosquitto, the stations' MQTT broker, as one process of the machine."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack import packages
from infra.run.stack.place import place
from infra.run.stack.program import Program

if TYPE_CHECKING:
    from connectors.settings import Settings

NEEDED = {"mosquitto": "mosquitto"}
TEMPLATE = Path(__file__).resolve().parent.parent / "mosquitto.conf"
"""The settings that the native broker and the container share."""


def configuration(settings: Settings, data: Path, user: str) -> str:
    """The shared settings, plus what only the native broker has."""
    return (
        f"{TEMPLATE.read_text(encoding='utf-8')}\n"
        "# This copy. Loopback only: that is why a client needs no password here.\n"
        f"listener {settings.mqtt_port} 127.0.0.1\n"
        f"persistence_location {data}/\n"
        # Started by root it would become `mosquitto`, who may not enter the folder of this copy.
        f"user {user}\n"
    )


def prepare(settings: Settings) -> Program:
    """Write the configuration and describe the process."""
    own = place(settings)
    data = own.stack("mosquitto")
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    config = own.run / "mosquitto.conf"
    config.write_text(configuration(settings, data, getpass.getuser()), encoding="utf-8")
    return Program(
        name="mosquitto",
        command=(packages.program("mosquitto") or "mosquitto", "-c", str(config)),
        priority=12,
        folder=own.var,
        ports={"MQTT": settings.mqtt_port},
    )
