"""A process tells whether it is ready; what an earlier one left says nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors import readiness
from connectors.kafka.probe import WriteProbe
from connectors.readiness import KAFKA, MQTT
from connectors.settings import Settings
from infra.run import probes
from infra.run.processes import PROCESSES, TABLE, ready_file
from infra.run.stack.ports import is_free
from tests.gateways import eventually, own_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "bridge.ready"


def test_it_waits_for_all_that_it_needs_until_each_is_told(path: Path) -> None:
    readiness.begin(path, [MQTT, KAFKA])
    assert readiness.read(path, os.getpid()) == [MQTT, KAFKA]
    readiness.tell(MQTT)
    assert readiness.read(path, os.getpid()) == [KAFKA]
    readiness.tell(KAFKA)
    assert readiness.read(path, os.getpid()) == []


def test_what_is_lost_again_is_waited_for_again(path: Path) -> None:
    readiness.begin(path, [MQTT])
    readiness.tell(MQTT)
    readiness.lack(MQTT)
    assert readiness.read(path, os.getpid()) == [MQTT]


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"pid":1,"waits_for":[]}'], ids=str)
def test_a_file_of_nobody_or_of_another_process_says_nothing(path: Path, content: bytes | None) -> None:
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    assert readiness.read(path, 4711) is None


def test_every_process_needs_something_and_who_answers_in_http_has_a_port(tmp_path: Path) -> None:
    own = Settings(var=tmp_path)
    for name in PROCESSES:
        one = TABLE[name]
        assert one.needs
        assert set(one.needs) <= set(readiness.WORDS)
        assert (readiness.HTTP in one.needs) == (one.listens_on(own) is not None)
        assert ready_file(own, name) == tmp_path / "run" / f"{name}.ready"


def test_who_does_not_listen_does_not_answer(tmp_path: Path) -> None:
    own = own_settings(tmp_path)
    assert is_free(own.gateway_port)
    assert not probes.http_answers(own.gateway_port)


@pytest.mark.integration
def test_kafka_takes_records_once_it_has_numbered_the_producer_and_leads_all_topics(stack: Settings) -> None:
    probe = WriteProbe(stack.bootstrap)
    eventually(probe.answers)
    probe.close()


@pytest.mark.integration
def test_the_database_answers_with_the_right_password_only(stack: Settings) -> None:
    right = stack.dsn("writer")
    assert probes.store_answers(right)
    assert not probes.store_answers(right.replace("user=phusa_writer", "user=nobody"))
