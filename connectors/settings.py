"""All settings in one place: environment variables `PHUSA_*`, or the file `var/phusa.env`.

Ports may be moved together with PHUSA_PORT_BASE so that two copies run side by side.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from psycopg.conninfo import make_conninfo
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation may change; secrets are files, only their paths stand here."""

    model_config = SettingsConfigDict(env_prefix="PHUSA_", extra="ignore")

    var: Path = Field(default=ROOT / "var", description="state of this copy: data, logs, pids, reports")
    commune: Path = Field(default=ROOT / "infra" / "commune", description="the commune's configuration")
    secrets: Path | None = Field(default=None, description="folder of secrets; default VAR/secrets")
    data: Path | None = Field(default=None, description="real recordings to replay")
    port_base: int = Field(default=19000, description="first of 20 ports this copy may use")

    kafka: str | None = Field(default=None, description="host:port of a Kafka that already runs")
    database: str | None = Field(default=None, description="admin DSN of a PostgreSQL that already runs")
    mqtt: str | None = Field(default=None, description="host:port of an MQTT broker that already runs")
    grafana: str | None = Field(default=None, description="address of a Grafana that already runs")
    grafana_token: SecretStr | None = None

    clock: str = Field(default="system", description="system | scaled:<sim>,<real>,<speed> | stream")
    sms_url: str | None = Field(default=None, description="eSMS base address; default the local gateway")
    zalo_url: str | None = Field(default=None, description="Zalo base address; default the local gateway")
    zalo_oauth_url: str | None = None
    camera_server: str | None = Field(
        default=None, description="stands in for the cameras' own addresses: BASE/ID (the simulator's)"
    )
    weights: str | None = Field(
        default=None,
        description="detector: a file (.xml, .onnx, .tflite, .pt) or a known name; default our own",
    )
    vision_threads: int = Field(default=2, ge=1, description="threads that decode frames and detect people")
    receipt_wait_s: float = Field(default=60.0, description="no receipt for so long: fall back to SMS")
    group_interval_s: float = Field(
        default=300.0,
        ge=0,
        description="news of one place within so many seconds is one message, unless it is worse",
    )

    @property
    def secrets_dir(self) -> Path:
        return self.secrets or self.var / "secrets"

    # Ports of the native stack, all from port_base.
    @property
    def kafka_port(self) -> int:
        return self.port_base + 1

    @property
    def controller_port(self) -> int:
        return self.port_base + 2

    @property
    def database_port(self) -> int:
        return self.port_base + 3

    @property
    def mqtt_port(self) -> int:
        return self.port_base + 4

    @property
    def gateway_port(self) -> int:
        return self.port_base + 5

    @property
    def receipts_port(self) -> int:
        return self.port_base + 6

    @property
    def grafana_port(self) -> int:
        return self.port_base + 7

    @property
    def rtsp_port(self) -> int:
        return self.port_base + 8

    @property
    def payments_port(self) -> int:
        return self.port_base + 9

    @property
    def intake_port(self) -> int:
        return self.port_base + 10

    @property
    def bootstrap(self) -> str:
        return self.kafka or f"127.0.0.1:{self.kafka_port}"

    @property
    def mqtt_address(self) -> tuple[str, int]:
        host, _, port = (self.mqtt or f"127.0.0.1:{self.mqtt_port}").partition(":")
        return host, int(port or 1883)

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    def password(self, role: str) -> str:
        """Password of a database role (admin, writer, reader), from its secret file."""
        return (self.secrets_dir / f"database_{role}").read_text(encoding="utf-8").strip()

    def dsn(self, role: str) -> str:
        """DSN of the roles phusa_admin, phusa_writer, phusa_reader on the database `phusa`."""
        if self.database is None:
            where = f"host=127.0.0.1 port={self.database_port} dbname=phusa"
        else:
            where = self.database
            if role == "admin":
                return where
        return make_conninfo(where, user=f"phusa_{role}", password=self.password(role))


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Settings of this process, read once."""
    return Settings()
