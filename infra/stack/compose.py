"""The servers by Docker compose, on the same ports as the native ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from infra.stack import packages
from infra.stack.passwords import passwords
from infra.stack.place import place

if TYPE_CHECKING:
    from connectors.settings import Settings

FILE = Path(__file__).resolve().parent.parent / "compose.yaml"
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
    passwords(settings.secrets_dir)  # the files that compose mounts as secrets
    file = _env_file(settings)
    values = environment(settings)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    packages.quiet(
        [*_command(settings), "up", "-d", "--wait", *(SERVICES[name] for name in names), "grafana"]
    )


def stop(settings: Settings) -> None:
    """Stop what `start` started; the volumes stay. Harmless when nothing was started."""
    if _env_file(settings).exists():
        packages.quiet([*_command(settings), "down"])
        _env_file(settings).unlink()


def _env_file(settings: Settings) -> Path:
    return place(settings).run / "compose.env"


def _command(settings: Settings) -> list[str]:
    docker = packages.program("docker") or "docker"
    return [docker, "compose", "-f", str(FILE), "--env-file", str(_env_file(settings))]
