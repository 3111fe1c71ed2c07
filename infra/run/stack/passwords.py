"""Passwords of our own users at the servers: made once, one file each, for the owner only."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from connectors.mqtt.canary import SECRET
from models.commune.canary import CANARY

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.settings import Settings

ROLES = ("admin", "writer", "reader")
BROKER_USERS = {
    "phusa-bridge": "mqtt_bridge",
    "phusa-chirpstack": "mqtt_chirpstack",
    "phusa-rehearsal": "mqtt_rehearsal",
    CANARY: SECRET,
}
"""Users of the MQTT broker that are no stations, and the secret file of each: our bridge, a LoRaWAN server, the simulator, the canary."""
KAFKA_CLIENT = "kafka_client"


def passwords(folder: Path) -> dict[str, str]:
    """{role: password}; those that stand are kept."""
    return {role: made_once(folder / f"database_{role}") for role in ROLES}


def made_once(path: Path) -> str:
    """A secret in a file of its own, for the owner only; one that stands is kept."""
    if not path.exists():
        made = secrets.token_urlsafe(24)
        # Made with its mode, so that no moment exists in which another user could read it.
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(made)
    return path.read_text(encoding="utf-8").strip()


def owners_only(path: Path, text: str) -> None:
    """Write or replace a file that nobody else may read: whole or not at all, and with its mode from its first moment."""
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def broker_passwords(folder: Path) -> dict[str, str]:
    """{user of the MQTT broker that we run: password}; those that stand are kept."""
    return {user: made_once(folder / name) for user, name in BROKER_USERS.items()}


def rehearsal_login(settings: Settings) -> tuple[str, str] | None:
    """User and password of the simulator on this copy's MQTT broker; None: a broker named in PHUSA_MQTT that asks for none."""
    if settings.mqtt is not None:
        return settings.mqtt_login
    return "phusa-rehearsal", settings.secret(BROKER_USERS["phusa-rehearsal"])
