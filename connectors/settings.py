"""All settings in one place: environment variables `PHUSA_*`, or the file `var/phusa.env`.

Ports may be moved together with PHUSA_PORT_BASE so that two copies run side by side.
"""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import make_conninfo
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from connectors.caller import Network, networks
from connectors.public import PublicSettings
from connectors.security import BRIDGE_USER
from models.catalogue.channels import CHANNELS, Channel, addresses
from models.envelope import partition

PREFIX = "PHUSA_"
LONGEST_S = 86_400
"""No wait of a process is longer than a day."""
MAY_BE_NONE = ("group_interval_s",)
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting that cannot be used, by its name."""


class Settings(PublicSettings):
    """What an installation may change; secrets are files, only their paths stand here."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    var: Path = Field(default=ROOT / "var", description="state of this copy: data, logs, pids, reports")
    commune: Path = Field(default=ROOT / "infra" / "commune", description="the commune's configuration")
    secrets: Path | None = Field(default=None, description="folder of secrets; default VAR/secrets")
    data: Path | None = Field(default=None, description="real recordings to replay")

    kafka: str | None = Field(default=None, description="host:port of a Kafka that already runs")
    database: str | None = Field(default=None, description="admin DSN of a PostgreSQL that already runs")
    mqtt: str | None = Field(default=None, description="host:port of an MQTT broker that already runs")
    grafana: str | None = Field(default=None, description="address of a Grafana that already runs")
    grafana_token: SecretStr | None = None
    grafana_home: Path | None = Field(
        default=None, description="folder of a Grafana on this machine; default: the one on PATH"
    )
    grafana_native: bool = Field(
        default=True, description="phusa up starts the Grafana that is on this machine"
    )
    grafana_anonymous: bool = Field(
        default=False, description="whoever reaches this copy's Grafana may look without a password"
    )
    watch_s: float = Field(default=5.0, description="phusa status --watch looks again after so long")

    partitions: int = Field(
        default=partition.PARTITIONS,
        ge=1,
        le=1024,
        description="of each keyed topic, chosen once before the first `phusa up`: more would move stations",
    )
    replicas: int = Field(default=1, ge=1, description="brokers that hold each record; 3 on three brokers")
    telemetry_shards: int = Field(default=1, ge=1, description="processes that share the stations' readings")
    cameras_shards: int = Field(default=1, ge=1, description="processes that share the cameras' frames")
    payments_shards: int = Field(default=1, ge=1, description="processes that share the payments")

    @field_validator("telemetry_shards", "cameras_shards", "payments_shards")
    @classmethod
    def _each_has_a_partition(cls, value: int, info: ValidationInfo) -> int:
        most = info.data.get("partitions", partition.PARTITIONS)
        if value > most:
            msg = f"tối đa {most}, mỗi tiến trình cần một phần (at most {most}: each needs a partition), found {value}"
            raise ValueError(msg)
        return value

    def shards(self, flow: str) -> int:
        """How many processes a flow has: 1 for those that cannot be shared."""
        return int(getattr(self, f"{flow}_shards", 1))

    clock: str = Field(
        default="system", description="system | scaled:<sim>,<real>,<speed> | played:<file> | stream"
    )
    gateways: dict[str, str] = Field(
        default={},
        description="base address of each message service by its name, from PHUSA_<NAME>_URL (PHUSA_SMS_URL, PHUSA_ZALO_URL, ...); none: the local gateway",
    )
    camera_server: str | None = Field(
        default=None, description="stands in for the cameras' own addresses: BASE/ID (the simulator's)"
    )
    weights: str | None = Field(
        default=None,
        description="detector: a file (.xml, .onnx, .tflite, .pt) a known name, or auto: what the machine carries; default our own",
    )
    water_weights: str | None = Field(
        default=None, description="water net: a file (.xml, .pt), may end in @sha256:...; default our own"
    )
    vision_threads: int = Field(default=2, ge=1, description="threads that decode frames and detect people")
    receipt_wait_s: float = Field(default=60.0, description="no receipt for so long: fall back to SMS")
    late_s: int = Field(
        default=86_400, description="a reading may come so long after its time and is judged in its place"
    )
    group_interval_s: float = Field(
        default=300.0,
        description="news of one place within so many seconds is one message, unless it is worse; 0: each is its own",
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks of our own proxies: only their X-Forwarded-For is believed",
    )

    canary: bool = Field(
        default=True,
        description="each minute a marked reading goes the whole way; never where the clock is a play's",
    )

    wall_networks: str = Field(
        default="",
        description="networks of the commune whose callers may see /wall of the page; this machine always may",
    )

    map_tiles: str = Field(
        default="",
        description="a tile server under the page's map, e.g. https://tiles.example/{z}/{x}/{y}.png; none: our own sketch, without the internet",
    )

    @model_validator(mode="before")
    @classmethod
    def _named_gateways(cls, values: dict[str, object]) -> dict[str, object]:
        """Each address in models/catalogue/channels.py has its own variable."""
        named = {name: os.environ.get(one.setting) for name, one in addresses().items()}
        return {"gateways": {name: url for name, url in named.items() if url}} | values

    def sends_by(self, channel: Channel) -> bool:
        """Whether this installation has the channel: its service is named, or none is, and all are the local gateway."""
        return self.gateway_is_local or CHANNELS[channel].addresses[0].name in self.gateways

    @property
    def gateway_is_local(self) -> bool:
        """No real service is named: messages stay on this machine."""
        return not any(row.addresses[0].name in self.gateways for row in CHANNELS.values())

    @field_validator("map_tiles")
    @classmethod
    def _tiles(cls, written: str) -> str:
        parts = urlsplit(written)
        if written and (
            parts.scheme not in ("http", "https")
            or not parts.netloc
            or not all(one in written for one in ("{z}", "{x}", "{y}"))
        ):
            msg = f"expected an address like https://tiles.example/{{z}}/{{x}}/{{y}}.png, found {written!r}"
            raise ValueError(msg)
        return written

    @field_validator("trusted_proxies", "wall_networks")
    @classmethod
    def _readable(cls, written: str) -> str:
        networks(written)
        return written

    @property
    def trusted(self) -> tuple[Network, ...]:
        """The trusted proxies."""
        return networks(self.trusted_proxies)

    @property
    def room(self) -> tuple[Network, ...]:
        """The networks that may see the wall."""
        return networks(self.wall_networks)

    channel_wait_s: float = Field(
        default=10.0,
        description="a warning that a channel has not taken for so long goes the next way; 10 and the next one's own seconds are 15",
    )
    answer_wait_s: float = Field(
        default=10.0,
        description="a gateway's whole answer to one message; eSMS and Zalo take 2 s when all is well",
    )
    requests_per_min: int = Field(
        default=4000,
        ge=1,
        description="a gateway is asked no more often, where its own documents do not name less",
    )
    token_wait_s: float = Field(
        default=4.0, description="a message waits so long for a new token of Zalo; the refresh itself goes on"
    )

    @field_validator("*")
    @classmethod
    def _a_number_that_can_be_one(cls, value: object, info: ValidationInfo) -> object:
        """Waits (`..._s`) are more than nothing and at most a day; no number is nan or inf."""
        if isinstance(value, float) and not math.isfinite(value):
            msg = f"cần một số hữu hạn (expected a finite number), found {value:g}"
            raise ValueError(msg)
        wait = (info.field_name or "").endswith("_s")
        if info.field_name in MAY_BE_NONE and value == 0:
            return value
        if wait and isinstance(value, int | float) and not 0 < value <= LONGEST_S:
            vi, en = (
                f"cần số giây trên 0, tối đa {LONGEST_S}",
                f"expected seconds above 0, at most {LONGEST_S}",
            )
            msg = f"{vi} ({en}), found {value}"
            raise ValueError(msg)
        return value

    @field_validator("clock")
    @classmethod
    def _a_clock_that_runs(cls, value: str) -> str:
        from connectors.clock import from_setting

        from_setting(value)
        return value

    @property
    def sends_canary(self) -> bool:
        """Whether the canary goes, and may be late: a play has no minutes of the wall clock."""
        return self.canary and self.clock == "system"

    @property
    def secrets_dir(self) -> Path:
        return self.secrets or self.var / "secrets"

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.page_port}"

    @property
    def bootstrap(self) -> str:
        return self.kafka or f"127.0.0.1:{self.kafka_port}"

    @property
    def mqtt_address(self) -> tuple[str, int]:
        host, _, port = (self.mqtt or f"127.0.0.1:{self.mqtt_port}").partition(":")
        return host, int(port or 1883)

    @property
    def mqtt_login(self) -> tuple[str, str] | None:
        """The bridge's user and password; None: the broker named in PHUSA_MQTT asks for none."""
        if self.mqtt is not None and self.mqtt_user is None:
            return None
        return self.mqtt_user or BRIDGE_USER, self.secret("mqtt_bridge")

    @property
    def players(self) -> str | None:
        """What stands in for the loudspeakers' players; None: their own addresses."""
        return self.loudspeaker_server or (f"{self.gateway_url}/players" if self.gateway_is_local else None)

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    def secret(self, name: str) -> str:
        """What the secret file `name` holds; raises FileNotFoundError."""
        return (self.secrets_dir / name).read_text(encoding="utf-8").strip()

    def password(self, role: str) -> str:
        """Password of a database role (admin, writer, reader), from its secret file."""
        return self.secret(f"database_{role}")

    def dsn(self, role: str) -> str:
        """DSN of the roles phusa_admin, phusa_writer, phusa_reader on the database `phusa`."""
        where = self.database or f"host=127.0.0.1 port={self.database_port} dbname=phusa"
        if self.database_ca is not None:
            where = make_conninfo(where, sslmode=self.database_sslmode, sslrootcert=str(self.database_ca))
        if self.database is not None and role == "admin":
            return where
        return make_conninfo(where, user=f"phusa_{role}", password=self.password(role))


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Settings of this process, read once; raises SettingsError that names every variable that cannot be used."""
    try:
        own = Settings()
    except ValidationError as error:
        told = [
            f"{_variable(one['loc'])}{one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("; ".join(told)) from None
    partition.choose(own.partitions)
    return own


def _variable(place: tuple[int | str, ...]) -> str:
    """`PHUSA_NAME: `; nothing for what several say together, which names them itself."""
    return f"{PREFIX}{'_'.join(str(part) for part in place).upper()}: " if place else ""
