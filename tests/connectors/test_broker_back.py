"""Clients that live on while the broker is killed: it leads anew when it is back, and they learn it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from connectors.kafka import lag
from connectors.kafka.asking import insist
from connectors.kafka.client import client_settings
from connectors.settings import Settings
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor
from tests import kafka
from tests.gateways import eventually

pytestmark = pytest.mark.integration

RECORDS = [b"one", b"two", b"three"]


@pytest.fixture(scope="module")
def topic(stack: Settings) -> str:
    name = kafka.topic(stack.bootstrap, 1)
    kafka.fill(stack.bootstrap, name, RECORDS)
    return name


def pid(stack: Settings) -> int:
    return next(one.pid for one in Supervisor(place(stack)).state() if one.program == "kafka")


@pytest.fixture(scope="module")
def asked(stack: Settings, topic: str) -> Iterator[tuple[AdminClient, Consumer]]:
    """Two clients that have asked once before their broker is killed."""
    own = {**client_settings(stack.bootstrap), "log_level": 0}
    admin, consumer = AdminClient(own), Consumer({**own, "group.id": "test-broker-back"})
    for question in (lambda: by_list(admin, topic), lambda: by_watermark(consumer, topic)):
        assert insist(question) == len(RECORDS)
    before = pid(stack)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: pid(stack) not in {0, before})
    yield admin, consumer
    consumer.close()


def by_list(admin: AdminClient, topic: str) -> int:
    (one,) = lag.listed(admin, {TopicPartition(topic, 0): OffsetSpec.latest()}, 5).values()
    return one.offset


def by_watermark(consumer: Consumer, topic: str) -> int:
    return consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=5)[1]


def answer(question: Callable[[], int]) -> int | None:
    try:
        return question()
    except KafkaException:
        return None


def test_who_insists_on_the_end_of_a_topic_is_answered(
    asked: tuple[AdminClient, Consumer], topic: str
) -> None:
    assert insist(lambda: by_watermark(asked[1], topic)) == len(RECORDS)


def test_list_offsets_knows_the_new_epoch(asked: tuple[AdminClient, Consumer], topic: str) -> None:
    """By itself it answered FENCED_LEADER_EPOCH for ever: a play of the day and tests waited until their end."""
    eventually(lambda: answer(lambda: by_list(asked[0], topic)) == len(RECORDS))


def test_the_partitions_are_known(asked: tuple[AdminClient, Consumer], topic: str) -> None:
    assert insist(lambda: lag.partitions(asked[1], topic)) == [0]
