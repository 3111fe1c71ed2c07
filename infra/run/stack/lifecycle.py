"""Bring the stack up and down: servers, topics, schema, reference data, our processes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from connectors import clock, commune, links, playbook
from connectors.kafka import lag, topics
from connectors.kafka.asking import insist
from connectors.mqtt import session
from connectors.timescale import offsets, reference
from infra.run.migrations import runner
from infra.run.stack import (
    certificates,
    compose,
    credentials,
    grafana,
    patience,
    ports,
    postgres,
    processes,
    servers,
)
from infra.run.stack.passwords import made_once, passwords
from infra.run.stack.place import place
from infra.run.stack.supervisor import ProgramState, Supervisor
from infra.run.stack.voice import StackError, tell

if TYPE_CHECKING:
    from collections.abc import Collection

    from connectors.settings import Settings
    from infra.run.stack.program import Program

DATABASE = "phusa"
RUNNING = ("RUNNING", "STARTING")


def up(
    settings: Settings,
    environment: dict[str, str] | None = None,
    *,
    names: Collection[str] | None = None,
) -> None:
    """Start what does not run yet; harmless when all runs. Raises StackError that says what is wrong.

    `names` are the processes to run (None: all that this copy needs; empty: the servers alone);
    `environment` is added to theirs. A process whose settings changed is started anew.
    """
    certificates.require(settings, clock.system())
    own = place(settings)
    own.make(settings.secrets_dir)
    passwords(settings.secrets_dir)
    made_once(settings.secrets_dir / links.KEY_FILE)
    supervisor = Supervisor(own)
    ours, way = servers.choose(settings)
    wanted = [one.name for one in ours]
    natively = servers.native(settings, wanted) if way == "native" else []
    if way == "compose":
        compose.start(settings, wanted)
    chosen = processes.wanted(settings) if names is None else names
    processes.require_state(settings, chosen)
    described = processes.programs(settings, chosen, environment or {})
    # With Docker it is a container; where it stands beside our processes, nothing waits for it.
    screens = grafana.programs(settings) if way != "compose" else []
    began = {one.program for one in supervisor.state() if one.state in RUNNING}
    _require_ports(settings, supervisor, [*natively, *described, *screens])
    supervisor.apply([*natively, *described, *screens])
    for program in natively:
        supervisor.start(program.name, wait=False)
    for server in servers.servers(settings):
        started = any(program.name == server.name for program in natively)
        servers.wait(server, patience.Alive(supervisor, [server.name]).check if started else None)
    prepare(settings)
    _reserve(settings, supervisor)
    for program in screens:
        supervisor.start(program.name, wait=False)
    if way != "compose" and not began & {grafana.NAME, "kafka"}:
        grafana.announce(settings, starts=bool(screens))
    if described:
        credentials.provision(settings, commune.load(settings.commune))
        tell(
            f"Chạy các tiến trình: {', '.join(program.name for program in described)}",
            f"Starting our processes; logs in {own.logs}",
        )
        for program in described:
            supervisor.start(program.name, wait=False)
        patience.stand(supervisor, described)


def _require_ports(settings: Settings, supervisor: Supervisor, programs: list[Program]) -> None:
    """Ports of programs that do not run yet must be free."""
    running = {one.program for one in supervisor.state() if one.state in RUNNING}
    wanted = {
        title: port
        for program in programs
        if program.name not in running
        for title, port in program.ports.items()
    }
    ports.require_free(wanted, settings.port_base)


def prepare(settings: Settings) -> None:
    """Topics, database, schema, reference rows; harmless when repeated."""
    supervisor = Supervisor(place(settings))
    ours = [one.program for one in supervisor.state() if one.program == "kafka"]
    alive = patience.Alive(supervisor, ours).check
    try:
        created = insist(lambda: topics.create(settings.bootstrap, replicas=settings.replicas), alive)
    except topics.PartitionsError as error:
        raise StackError(error.vi, error.en) from error
    if ours:
        insist(lambda: topics.require_led(settings.bootstrap), alive)
    if created:
        tell(f"Tạo chủ đề Kafka: {', '.join(created)}", "Creating Kafka topics")
    _create_database(settings)
    secrets = passwords(settings.secrets_dir)
    level = runner.migrate(settings.dsn("admin"), secrets)
    vi, _, en = runner.ALOUD[runner.Capability(level)].rpartition(" (")
    tell(f"Cơ sở dữ liệu: {vi}", f"Database level {level}: {en.rstrip(')')}")
    pages = playbook.pages_of(settings.commune)
    reference.load(settings.dsn("admin"), commune.load(settings.commune), pages.values(), settings.page_url)
    insist(lambda: _agree_on_offsets(settings), alive)


def _reserve(settings: Settings, supervisor: Supervisor) -> None:
    """From now on the MQTT broker keeps what stations send, whether the bridge runs or not."""
    if not any(one.program == "bridge" and one.pid for one in supervisor.state()):
        own = bridge_settings(settings)
        ours = [one.program for one in supervisor.state() if one.program == "mosquitto"]
        alive = patience.Alive(supervisor, ours)
        words = ("MQTT nhận đăng ký", "MQTT acknowledges the subscription")
        patience.until(lambda: _reserved(own), alive.check, lambda: words)


def _reserved(own: session.BridgeSettings) -> bool:
    try:
        session.reserve(own)
    except TimeoutError:
        return False
    except session.RefusedError as error:
        raise StackError(
            f"MQTT từ chối, hoặc không chứng minh được mình: {error}. Xem PHUSA_MQTT_USER, PHUSA_MQTT_CA và tập tin mật khẩu mqtt_bridge",
            f"MQTT refuses us, or cannot prove itself: {error}. Look at PHUSA_MQTT_USER, PHUSA_MQTT_CA and the secret mqtt_bridge",
        ) from None
    return True


def bridge_settings(settings: Settings) -> session.BridgeSettings:
    """The bridge of this installation. Raises StackError when its password is not there."""
    try:
        return session.BridgeSettings.of(settings)
    except FileNotFoundError:
        where = settings.secrets_dir / "mqtt_bridge"
        raise StackError(
            f"Thiếu mật khẩu MQTT của cầu nối: ghi nó vào {where} (chỉ chủ máy đọc được)",
            f"The bridge's MQTT password is missing: write it to {where}, readable by the owner only",
        ) from None


def _agree_on_offsets(settings: Settings) -> None:
    """A restored Kafka or database must not make new records count as old ones."""
    ends = lag.ends(settings.bootstrap, [topic.name for topic in topics.TOPICS])
    with psycopg.connect(settings.dsn("writer")) as connection:
        for flow, topic, partition, place, end in offsets.lower_to(connection, ends):
            tell(
                f"Kafka có ít hơn đã đọc: {flow}, {topic}[{partition}] lùi từ {place} về {end}",
                f"Kafka has less than was read: {flow} on {topic}[{partition}] goes back from {place} to {end}",
            )


def _create_database(settings: Settings) -> None:
    if settings.database:
        return
    with psycopg.connect(servers.server_dsn(settings), autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def down(settings: Settings) -> bool:
    """Stop everything; True if something ran. Data stay."""
    own = place(settings)
    supervisor = Supervisor(own)
    ran = supervisor.alive()
    supervisor.end()
    compose.stop(settings)
    return ran


def state(settings: Settings) -> list[ProgramState]:
    """The programs of this copy."""
    return Supervisor(place(settings)).state()


def remove(settings: Settings) -> None:
    """Stop everything and forget its data, wherever they lie."""
    down(settings)
    postgres.remove_data(settings)
    shutil.rmtree(settings.var)
