"""The stack's own words and files; that it stands is told by every integration test."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import yaml

from connectors.settings import Settings
from infra.run.stack import compose, kafka, mosquitto, ports, processes
from infra.run.stack.passwords import passwords
from infra.run.stack.place import LONGEST_SOCKET, Place, place
from infra.run.stack.postgres import mirror_in
from infra.run.stack.program import Program, configuration
from infra.run.stack.voice import StackError

SOURCES = {
    "one line": ("deb http://mirror.example/debian bookworm main", "http://mirror.example/debian"),
    "with options": (
        "deb [signed-by=/x] http://mirror.example/debian/ bookworm main",
        "http://mirror.example/debian/",
    ),
    "deb822": (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm",
        "http://mirror.example/debian",
    ),
    "a comment does not count": ("# deb http://mirror.example/debian bookworm main", None),
    "the security archive does not count": ("deb http://mirror.example/debian-security bookworm main", None),
}


@pytest.mark.parametrize(("text", "expected"), SOURCES.values(), ids=SOURCES.keys())
def test_debians_mirror_is_the_machines_own(text: str, expected: str | None) -> None:
    assert mirror_in(text) == expected


def test_a_busy_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(StackError, match=rf"{port} \(Kafka\).*PHUSA_PORT_BASE") as error:
            ports.require_free({"Kafka": port}, 19000)

    assert "Cổng đang bận" in error.value.vi
    assert "Busy port" in error.value.en


def test_two_copies_have_different_marks_and_a_socket_that_the_kernel_takes(tmp_path: Path) -> None:
    deep = Place(tmp_path / ("x" * 90) / "var")

    assert Place(tmp_path / "a").mark != Place(tmp_path / "b").mark
    assert len(str(deep.socket)) <= LONGEST_SOCKET


def test_passwords_are_made_once_for_the_owner_only(tmp_path: Path) -> None:
    first = passwords(tmp_path)

    assert passwords(tmp_path) == first
    assert len(set(first.values())) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_the_supervisors_file_is_the_same_for_the_same_programs_and_restarts_them(tmp_path: Path) -> None:
    program = Program("one", ("run", "50%"), 20, tmp_path, {"B": "2", "A": "1%"})
    text = configuration(Place(tmp_path), [program], root=False)

    assert text == configuration(Place(tmp_path), [program], root=False)
    assert "autorestart=true" in text
    assert "command=run 50%%" in text
    assert 'environment=A="1%%",B="2"' in text


def test_a_real_gateway_needs_no_local_one(tmp_path: Path) -> None:
    local = Settings(var=tmp_path)
    real = Settings(var=tmp_path, gateways={"sms": "https://sms.example", "zalo": "https://zalo.example"})

    assert "gateway" in processes.wanted(local)
    assert "gateway" not in processes.wanted(real)


def test_each_process_knows_where_it_belongs(tmp_path: Path) -> None:
    made = processes.programs(Settings(var=tmp_path), ("telemetry", "alerts"), {"PHUSA_CLOCK": "system"})

    assert [program.name for program in made] == ["telemetry", "alerts"]
    assert all(program.environment["PHUSA_VAR"] == str(tmp_path) for program in made)
    assert all(program.environment["PHUSA_CLOCK"] == "system" for program in made)


def test_kafka_keeps_its_data_in_this_copy_and_listens_on_the_loopback_only(tmp_path: Path) -> None:
    text = kafka.properties(Settings(var=tmp_path, port_base=20000), tmp_path / "data")

    assert f"log.dirs={tmp_path / 'data'}" in text
    assert re.findall(r"listeners=PLAINTEXT://(\S+?):20001", text) == ["127.0.0.1", "127.0.0.1"]


def test_compose_is_given_every_port_and_secret_it_asks_for(tmp_path: Path) -> None:
    asked = set(re.findall(r"\$\{(PHUSA_\w+)", compose.FILE.read_text(encoding="utf-8")))

    # PORT_BASE concerns the profile that a person starts without `phusa`.
    assert asked - {"PHUSA_PORT_BASE"} == set(compose.environment(Settings(var=tmp_path)))


OUTSIDE = {
    "mqtt_listen": "0.0.0.0:8883",
    "mqtt_certificate": Path("/c.pem"),
    "mqtt_key": Path("/k.pem"),
}


def test_compose_is_given_all_that_the_listener_for_stations_asks_for(tmp_path: Path) -> None:
    own = Settings(var=tmp_path).model_copy(update=OUTSIDE)
    place(own).run.mkdir()
    asked = set(re.findall(r"\$\{(PHUSA_\w+)", compose.OUTSIDE.read_text(encoding="utf-8")))
    made = compose.outside(own)

    assert asked == set(made)
    assert made["PHUSA_MQTT_OUTSIDE"] == "0.0.0.0:8883"
    inside = Path(made["PHUSA_MQTT_OUTSIDE_CONF"]).read_text(encoding="utf-8").splitlines()
    assert {"listener 8883 0.0.0.0", "certfile /run/mosquitto/certificate.pem"} < set(inside)
    assert compose.outside(Settings(var=tmp_path)) == {}


@pytest.mark.parametrize("file", [compose.FILE, compose.OUTSIDE], ids=lambda file: file.name)
def test_compose_gives_no_password_in_clear(file: Path) -> None:
    """A password goes as a file, or as the hash that a folder holds; a variable may name a file only."""
    services = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    words = [
        (name, key, value)
        for name, service in services.items()
        for key, value in (service.get("environment") or {}).items()
        if "PASSWORD" in key and not key.endswith("_FILE")
    ]

    assert words == []


def test_the_containers_broker_asks_everybody_for_a_password() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for path in (mosquitto.TEMPLATE, compose.FILE.with_name("mosquitto-container.conf"))
    ]
    lines = [line for text in texts for line in text.splitlines()]

    assert "allow_anonymous false" in lines
    assert {"password_file /run/mosquitto/passwords", "acl_file /run/mosquitto/acl"} < set(lines)
    ports = yaml.safe_load(compose.FILE.read_text(encoding="utf-8"))["services"]["mosquitto"]["ports"]
    assert [port.partition(":")[0] for port in ports] == ["127.0.0.1"]


@pytest.mark.parametrize("server", ["kafka", "database"])
def test_compose_refuses_certificates_that_its_servers_would_not_use(server: str, tmp_path: Path) -> None:
    own = Settings(var=tmp_path).model_copy(update={f"{server}_ca": Path("/ca.pem")})

    with pytest.raises(StackError, match=f"PHUSA_{server.upper()}_CA"):
        compose.start(own, ["kafka"])


@pytest.mark.parametrize("profile", [[], ["--profile", "flows"]], ids=["servers", "servers and flows"])
def test_the_compose_file_is_valid(profile: list[str]) -> None:
    docker = shutil.which("docker")
    command = [docker or "docker", "compose", "-f", str(compose.FILE), *profile, "config", "-q"]
    if (
        docker is None
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no `docker compose` on this machine")
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
