"""Look at what runs: programs, broker, database, gateways, cameras, ages, restarts. Sends nothing to anybody."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import psycopg
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from connectors import clock
from connectors.cameras.address import address
from connectors.kafka.client import client_settings
from connectors.kafka.topics import TOPICS
from connectors.timescale.insight import sensors
from connectors.ways import way
from infra.run.doctor import canary, judge, people, shares
from infra.run.doctor.line import Line, bad, unknown
from infra.run.stack import ports, servers
from infra.run.status.words import SICK, STATES
from models.catalogue.channels import CHANNELS, addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from connectors.settings import Settings
    from infra.run.stack.supervisor import ProgramState
    from models.commune.configuration import Commune

REACH_S = 2.0
PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
AT_ONCE = 16
_ENDED = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ \w+ exited: (\S+) \(.*not expected\)")
DAY = timedelta(days=1)


def look(own: Settings, states: list[ProgramState], now: datetime, commune: Commune | None) -> list[Line]:
    """All of it; `now` is the platform's time, by which ages are told."""
    running = {state.program for state in states if state.pid}
    sick = {state.program: STATES[state.state] for state in states if state.state in SICK}
    lines = people.programs(len(running), sick) if states else people.programs(0, {})
    lines += people.restarts(
        died(_supervisors(own.var / "logs"), clock.system().astimezone().replace(tzinfo=None) - DAY)
    )
    lines += shares.look(own, running)
    lines += [*broker(own, running), *database(own, running, now)]
    lines += [*gateways(own, running), *canary.look(own)]
    if commune is None:
        return [
            *lines,
            bad(
                "Cấu hình của xã không đọc được",
                "The configuration cannot be read",
                "phusa check",
                "phusa check",
            ),
        ]
    return [*lines, *tokens(own, commune), *cameras(own, commune)]


def died(lines: Iterable[str], since: datetime) -> Counter[str]:
    """Unexpected ends by program in lines of the supervisor's log, whose times are the machine's own, from `since` on."""
    found = Counter[str]()
    for line in lines:
        match = _ENDED.match(line)
        if match and datetime.fromisoformat(match[1]) >= since:
            found[match[2]] += 1
    return found


def _supervisors(folder: Path) -> list[str]:
    paths = [folder / "supervisord.log.1", folder / "supervisord.log"]
    return [row for path in paths if path.exists() for row in path.read_text(errors="replace").splitlines()]


def broker(own: Settings, running: Collection[str]) -> list[Line]:
    """Kafka with its topics, and MQTT."""
    host, port = own.mqtt_address
    lines = []
    try:
        there = set(
            AdminClient({**client_settings(own.bootstrap, own), "log_level": 0}).list_topics(timeout=3).topics
        )
    except KafkaException:
        there = None
    expected = own.kafka is not None or "kafka" in running
    lines.append(people.server("Kafka", answers=there is not None, expected=expected, setting="PHUSA_KAFKA"))
    if there is not None:
        lines.append(people.topics([topic.name for topic in TOPICS if topic.name not in there]))
    expected = own.mqtt is not None or "mosquitto" in running
    lines.append(
        people.server(
            "MQTT", answers=ports.answers(host, port, REACH_S), expected=expected, setting="PHUSA_MQTT"
        )
    )
    return lines


def database(own: Settings, running: Collection[str], now: datetime) -> list[Line]:
    """Whether it answers, its version, schema, clock, and how old its newest readings are."""
    expected = own.database is not None or "timescaledb" in running
    try:
        dsn = servers.server_dsn(own) if own.database else own.dsn("writer")
        with psycopg.connect(dsn, connect_timeout=3) as db:
            return [
                people.server(
                    "Cơ sở dữ liệu", answers=True, expected=True, setting="PHUSA_DATABASE", en="The database"
                ),
                *_inside(db, own.dsn("writer"), now),
            ]
    except FileNotFoundError:
        return [
            unknown("Cơ sở dữ liệu: chưa từng khởi động", "Database: never started", "phusa up", "phusa up")
        ]
    except (psycopg.Error, OSError):
        return [
            people.server(
                "Cơ sở dữ liệu", answers=False, expected=expected, setting="PHUSA_DATABASE", en="The database"
            ),
            unknown("Số đo: không hỏi được", "Readings: cannot be asked for"),
        ]


def _inside(db: psycopg.Connection[Any], writer: str, now: datetime) -> list[Line]:
    server_now, version = db.execute(
        "select clock_timestamp(), current_setting('server_version_num')::int"
    ).fetchone() or (
        clock.system(),
        0,
    )
    lines = [judge.apart((server_now - clock.system()).total_seconds())]
    with psycopg.connect(writer, connect_timeout=3) as ours:
        if (ours.execute("select to_regclass('phusa.capability')").fetchone() or (None,))[0] is None:
            return [*lines, judge.postgres(version // 10_000, "?"), judge.schema(None, head())]
        (level,) = ours.execute("select level from phusa.capability").fetchone() or ("?",)
        found = ours.execute("select version_num from phusa.alembic_version").fetchone()
        lines += [judge.postgres(version // 10_000, level), judge.schema(found[0] if found else None, head())]
        return [*lines, *people.ages([people.Sensor(*sensor) for sensor in sensors(ours)], now)]


def head() -> str:
    """The newest migration of this code."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from infra.run.migrations.runner import HERE

    config = Config()
    config.set_main_option("script_location", str(HERE))
    return ScriptDirectory.from_config(config).get_current_head() or "?"


def gateways(own: Settings, running: Collection[str]) -> list[Line]:
    """Each gateway of messages: whether its host takes a connection."""
    named = {one.title: own.gateways.get(name) for name, one in addresses().items()}
    locally = ", ".join(title for title, url in named.items() if url is None)
    asked = {title: url for title, url in named.items() if url is not None}
    asked |= {locally: own.gateway_url} if locally else {}
    return [
        people.gateway(
            title,
            urlsplit(url).netloc,
            reached=reached(url),
            local=title == locally,
            runs="gateway" in running,
        )
        for title, url in asked.items()
    ]


def reached(url: str) -> bool:
    """Whether something takes a connection at the host and port of an address; a path: whether it is there."""
    from pathlib import Path

    parts = urlsplit(url)
    if not parts.hostname:
        return Path(url).exists()
    return ports.answers(parts.hostname, parts.port or PORTS.get(parts.scheme, 443), REACH_S)


def tokens(own: Settings, commune: Commune) -> list[Line]:
    """Who can be called, and whether what lets us send still holds, where a real service is used."""
    numbers = _json(own.secrets_dir / "contacts.json")
    if numbers is None:
        return [
            unknown(
                "Số điện thoại: chưa có contacts.json",
                "Phone numbers: no contacts.json yet",
                "phusa up",
                "phusa up",
            )
        ]
    real = not own.gateway_is_local
    names = {contact.id: contact.name for contact in commune.contacts}
    known = {names[one]: str(number) for one, number in numbers.items() if one in names}
    lines = [people.contacts([name for one, name in names.items() if one not in numbers], known, real=real)]
    for code, row in CHANNELS.items():
        held = way(code).credential
        if held is not None and not own.gateway_is_local and own.sends_by(code):
            lines.append(people.token(row.vi, held, held.ends(own), clock.system()))
    return lines


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return found if isinstance(found, dict) else None


def cameras(own: Settings, commune: Commune) -> list[Line]:
    """Each camera's address, all at once; a camera that does not answer costs REACH_S."""
    chosen = {camera.name: address(camera, own.camera_server) for camera in commune.cameras}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return people.cameras(dict(zip(chosen, pool.map(reached, chosen.values()), strict=True)))
