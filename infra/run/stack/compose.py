"""The servers by Docker compose, on the same ports as the native ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from infra.run.stack import broker_access, mosquitto, packages
from infra.run.stack.passwords import passwords
from infra.run.stack.place import place
from infra.run.stack.voice import StackError

if TYPE_CHECKING:
    from connectors.settings import Settings

FILE = Path(__file__).resolve().parents[2] / "deploy" / "compose.yaml"
OUTSIDE = FILE.with_name("compose-outside.yaml")
"""Added where stations of the field shall reach the broker."""
COPIES = "/run/mosquitto"
"""Where infra/deploy/mosquitto-container.sh puts what the container's broker may read."""
SERVICES = {"kafka": "kafka", "timescaledb": "timescaledb", "mosquitto": "mosquitto"}


def engine_answers() -> bool:
    """Whether `docker compose` is there and an engine answers it."""
    docker = packages.program("docker")
    if docker is None:
        return False
    for words in (["version", "--format", "json"], ["compose", "version"]):
        done = subprocess.run([docker, *words], capture_output=True, text=True, check=False, timeout=20)
        if done.returncode:
            return False
        if words[0] == "version" and json.loads(done.stdout).get("Server") is None:
            return False
    return True


def environment(settings: Settings) -> dict[str, str]:
    """What compose.yaml asks for; the passwords come as files, never as variables."""
    own = place(settings)
    return {
        "PHUSA_PROJECT": f"phusa-{own.mark}",
        "PHUSA_SECRETS": str(settings.secrets_dir.resolve()),
        "PHUSA_KAFKA_PORT": str(settings.kafka_port),
        "PHUSA_DATABASE_PORT": str(settings.database_port),
        "PHUSA_MQTT_PORT": str(settings.mqtt_port),
        "PHUSA_GRAFANA_PORT": str(settings.grafana_port),
        "PHUSA_PARTITIONS": str(settings.partitions),
        "PHUSA_TELEMETRY_SHARDS": str(settings.telemetry_shards),
        "PHUSA_CAMERAS_SHARDS": str(settings.cameras_shards),
        "PHUSA_PAYMENTS_SHARDS": str(settings.payments_shards),
    }


def start(settings: Settings, names: list[str]) -> None:
    """Start the services of the servers `names`, and Grafana, and wait for their health checks."""
    _only_what_it_can(settings)
    passwords(settings.secrets_dir)  # the files that compose mounts as secrets
    broker_access.refresh(settings)
    file = _env_file(settings)
    values = environment(settings) | outside(settings)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    packages.quiet(
        [*_command(settings), "up", "-d", "--wait", *(SERVICES[name] for name in names), "grafana"]
    )


def stop(settings: Settings) -> None:
    """Stop what `start` started; the volumes stay. Harmless when nothing was started."""
    if _env_file(settings).exists():
        packages.quiet([*_command(settings), "down"])
        _env_file(settings).unlink()


def outside(settings: Settings) -> dict[str, str]:
    """What compose-outside.yaml asks for; empty where no listener for stations of the field is wanted."""
    where = settings.mqtt_outside
    if where is None:
        return {}
    copied = {
        "mqtt_listen": "0.0.0.0:8883",  # within the container; the host's side is PHUSA_MQTT_OUTSIDE
        "mqtt_certificate": f"{COPIES}/certificate.pem",
        "mqtt_key": f"{COPIES}/key.pem",
        "mqtt_station_ca": f"{COPIES}/station_ca.pem" if settings.mqtt_station_ca else None,
    }
    conf = place(settings).run / "mosquitto-outside.conf"
    conf.write_text(mosquitto.outside(settings.model_copy(update=copied)), encoding="utf-8")
    host = f"[{where.host}]" if ":" in where.host else where.host
    return {
        "PHUSA_MQTT_OUTSIDE": f"{host}:{where.port}",
        "PHUSA_MQTT_OUTSIDE_CONF": str(conf),
        "PHUSA_MQTT_CERTIFICATE": str(settings.mqtt_certificate),
        "PHUSA_MQTT_KEY": str(settings.mqtt_key),
        "PHUSA_MQTT_STATION_CA": str(settings.mqtt_station_ca or settings.mqtt_certificate),
    }


def _only_what_it_can(settings: Settings) -> None:
    """Kafka and the database of the containers are reached from this machine only, and speak no TLS."""
    for name, certificate in (("KAFKA", settings.kafka_ca), ("DATABASE", settings.database_ca)):
        if certificate is not None and getattr(settings, name.lower()) is None:
            raise StackError(
                f"PHUSA_{name}_CA: máy chủ do Docker compose của ta chạy không dùng TLS (chỉ nghe trên máy này). "
                f"Bỏ các biến PHUSA_{name}_CA, _CERTIFICATE, _KEY, hoặc chỉ máy chủ khác bằng PHUSA_{name}",
                f"PHUSA_{name}_CA: the server of our Docker compose speaks no TLS (it listens on this machine only). "
                f"Unset PHUSA_{name}_CA, _CERTIFICATE, _KEY, or name another server in PHUSA_{name}",
            )


def reload_broker(settings: Settings) -> bool:
    """Whether the broker's container runs and was told that its passwords and rights have changed."""
    if not _env_file(settings).exists():
        return False
    tell = ["exec", "-T", "mosquitto", "/bin/sh", "/mosquitto/config/start.sh", "reload"]
    try:
        packages.quiet([*_command(settings), *tell])
    except StackError:
        return False
    return True


def _env_file(settings: Settings) -> Path:
    return place(settings).run / "compose.env"


def _command(settings: Settings) -> list[str]:
    docker = packages.program("docker") or "docker"
    files = [FILE, *([OUTSIDE] if settings.mqtt_outside else [])]
    chosen = [word for file in files for word in ("-f", str(file))]
    return [docker, "compose", *chosen, "--env-file", str(_env_file(settings))]
