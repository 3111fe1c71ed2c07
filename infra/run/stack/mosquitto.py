"""Mosquitto, the stations' MQTT broker, as one process of the machine."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack import broker_access, packages
from infra.run.stack.place import place
from infra.run.stack.program import Program

if TYPE_CHECKING:
    from connectors.settings import Settings

NEEDED = {"mosquitto": "mosquitto"}
TEMPLATE = Path(__file__).resolve().parent.parent / "mosquitto.conf"
"""The settings that the native broker and the container share."""


def configuration(settings: Settings, data: Path, user: str, access: Path) -> str:
    """The shared settings, plus what only the native broker has; `access` holds its passwords and rights."""
    return (
        f"{TEMPLATE.read_text(encoding='utf-8')}\n"
        "# This copy.\n"
        f"password_file {access / broker_access.PASSWORDS}\n"
        f"acl_file {access / broker_access.RIGHTS}\n"
        f"persistence_location {data}/\n"
        # Started by root it would become `mosquitto`, who may not enter the folder of this copy.
        f"user {user}\n"
        "# Loopback: our bridge, the simulator, a LoRaWAN server of this machine; without TLS, with a password.\n"
        f"listener {settings.mqtt_port} 127.0.0.1\n"
        f"{outside(settings)}"
    )


def outside(settings: Settings) -> str:
    """The listener for stations of the field; nothing where none is wanted."""
    where = settings.mqtt_outside
    if where is None:
        return ""
    asks = (
        # use_identity_as_username stays off: the user is the station, the certificate only lets it knock.
        f"cafile {settings.mqtt_station_ca}\nrequire_certificate true\n" if settings.mqtt_station_ca else ""
    )
    return (
        "# Who is refused from outside stands in the log, with address and reason.\n"
        "connection_messages true\n"
        "# Stations of the field: TLS, and a session under the user's own name, so that none takes another's away.\n"
        f"listener {where.port} {where.host}\n"
        f"certfile {settings.mqtt_certificate}\n"
        f"keyfile {settings.mqtt_key}\n"
        "tls_version tlsv1.2\n"
        "use_username_as_clientid true\n"
        f"{asks}"
    )


def prepare(settings: Settings) -> Program:
    """Write the configuration and describe the process."""
    own = place(settings)
    data = own.stack("mosquitto")
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    access = broker_access.refresh(settings).resolve()
    config = own.run / "mosquitto.conf"
    text = configuration(settings, data, getpass.getuser(), access)
    config.write_text(text, encoding="utf-8")
    where = settings.mqtt_outside
    return Program(
        name="mosquitto",
        command=(packages.program("mosquitto") or "mosquitto", "-c", str(config)),
        priority=12,
        folder=own.var,
        # Who changes a setting or a certificate finds it obeyed: the supervisor begins anew what is described otherwise.
        environment={"PHUSA_MOSQUITTO_MARK": _mark(settings, text)},
        ports={"MQTT": settings.mqtt_port} | ({} if where is None else {"MQTT, TLS": where.port}),
    )


def _mark(settings: Settings, text: str) -> str:
    """Another one for another configuration or another certificate."""
    files = (settings.mqtt_certificate, settings.mqtt_key, settings.mqtt_station_ca)
    content = b"".join(path.read_bytes() for path in files if path is not None)
    return hashlib.sha256(text.encode() + content).hexdigest()[:12]
