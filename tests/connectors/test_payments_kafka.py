"""The endpoint's process and real Kafka: what is answered as success is there, whoever is away meanwhile."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from connectors import clock
from connectors.kafka.asking import insist
from connectors.payments import secret_files
from connectors.payments.topic import TIMEOUT_MS, NotKeptError, Topic, TopicSettings
from connectors.sealing import Seal, key
from connectors.settings import ROOT, Settings
from infra.rehearsal.simulator.webhooks import Transfer, Webhook, event_id, webhook
from infra.run.stack.place import place
from infra.run.stack.servers import servers
from infra.run.stack.supervisor import Supervisor
from models.catalogue.providers import Provider
from models.envelope.partition import PARTITIONS, partition_of
from models.payments.contract import Secret
from models.payments.event import PaymentEvent, PaymentRecord, about
from tests import kafka
from tests.gateways import HANG_S, eventually
from tests.webhooks import NAME, PAYMENTS, transfer

pytestmark = pytest.mark.integration

PERSONAL = re.compile(rf"912345678|{NAME}|HOANG", re.IGNORECASE)
TOPIC = "payments"
CLIENT = httpx.Client(timeout=HANG_S)


@pytest.fixture
def own(stack: Settings, tmp_path: Path) -> Settings:
    """A copy of its own beside the stack's Kafka: a commune that takes payments, secrets of all five."""
    folder = tmp_path / "commune"
    shutil.copytree(stack.commune, folder)
    (folder / "payments.yaml").write_bytes(msgspec.yaml.encode(PAYMENTS))
    # The upper half of this copy's ports: the stack's own endpoint may run.
    settings = Settings(var=tmp_path, commune=folder, port_base=stack.port_base + 10, kafka=stack.bootstrap)
    secret_files.provision(settings.secrets_dir)
    return settings


@contextmanager
def endpoint(own: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The process, as the supervisor runs it; its log is VAR/endpoint.log."""
    told = {
        "PHUSA_VAR": str(own.var),
        "PHUSA_COMMUNE": str(own.commune),
        "PHUSA_PORT_BASE": str(own.port_base),
        "PHUSA_KAFKA": own.bootstrap,
        "PHUSA_CLOCK": "system",
    }
    with (own.var / "endpoint.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.run.processes", "endpoint"],
            cwd=ROOT,
            env={**os.environ, **told},
            stderr=log,
        )
        try:
            eventually(lambda: _answers(own), alive=lambda: process.poll() is None)
            yield process
        finally:
            process.terminate()
            process.wait()


def _answers(own: Settings) -> bool:
    try:
        return httpx.get(f"{_address(own)}/openapi.json", timeout=HANG_S).status_code == 200
    except httpx.TransportError:
        return False


def _address(own: Settings) -> str:
    return f"http://127.0.0.1:{own.payments_port}"


def calls(own: Settings, first: int, number: int, secret: Secret | None = None) -> list[tuple[str, Webhook]]:
    """Key and call of payments `first` and on, of all providers in turn."""
    secrets, now, made = secret_files.load(own.secrets_dir), clock.system(), []
    for i in range(first, first + number):
        provider = list(Provider)[i % len(Provider)]
        one: Transfer = transfer(provider, number=i, at=now)
        made.append(
            (
                f"{provider}:{event_id(provider, one)}",
                webhook(provider, one, secret or secrets[provider], now),
            )
        )
    return made


def _ask(own: Settings, one: Webhook) -> httpx.Response:
    return httpx.request(
        one.method, _address(own) + one.path, headers=one.headers, content=one.body, timeout=HANG_S
    )


def _is_kept(answer: httpx.Response) -> bool:
    return any(mark in answer.text for mark in ('"success":true', '"00"', '"02"'))


def send(own: Settings, one: Webhook) -> bool:
    """Whether the endpoint says that it has it."""
    return _is_kept(_ask(own, one))


def insisting(own: Settings, one: Webhook) -> None:
    """Told again, as a provider does, as long as the endpoint says that it could not keep it; refused it must not be."""

    def kept() -> bool:
        answer = _ask(own, one)
        assert _is_kept(answer) or answer.status_code == 503 or '"99"' in answer.text, answer.text
        return _is_kept(answer)

    eventually(kept)


def arrived(own: Settings) -> list[str]:
    """Keys now in the topic."""
    return [(name or b"").decode() for name, _ in kafka.everything(own.bootstrap, TOPIC, PARTITIONS)]


def test_what_is_answered_is_in_kafka_once_and_without_its_person(own: Settings) -> None:
    sent = calls(own, 1_000, 50)
    with endpoint(own):
        # Twice each, as a provider does that lost our answer; one that is told "not kept" comes again.
        for _key, one in sent * 2:
            insisting(own, one)
        assert not any(send(own, one) for _key, one in calls(own, 1_900, 5, Secret("another", "ACC")))
    found = kafka.everything(own.bootstrap, TOPIC, PARTITIONS)
    keys = [(name or b"").decode() for name, _ in found]

    stored = [key for key in keys if key in dict(sent)]
    assert set(stored) == set(dict(sent))
    assert sum("refused-" in key for key in keys) >= 5
    assert not any(PERSONAL.search(value.decode()) for _, value in found)
    written = (own.var / "endpoint.log").read_text() + (own.var / "logs" / "audit.jsonl").read_text()
    assert written.count("call_refused") == 5
    # Twice may stand only what Kafka took although the endpoint, on a machine that stalled, had to say "not kept".
    assert len(stored) == len(sent) or "payment_not_kept" in written
    assert PERSONAL.search(written) is None
    assert not any(one.key in written for one in secret_files.load(own.secrets_dir).values())


def test_a_record_can_be_opened_with_the_key_of_payments(own: Settings) -> None:
    ((name, one),) = calls(own, 2_001, 1)
    with endpoint(own):
        insisting(own, one)
    found = dict(kafka.everything(own.bootstrap, TOPIC, PARTITIONS))[name.encode()]
    event: PaymentRecord = msgspec.json.decode(found, type=PaymentRecord)

    assert isinstance(event, PaymentEvent)
    assert Seal(key(own.secrets_dir, "payments")).open(event.sealed, about(event.source)) == one.body


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=lambda one: one.name)
def test_however_it_ends_what_was_answered_is_in_kafka(own: Settings, end: signal.Signals) -> None:
    sent, taken = calls(own, 3_000 if end is signal.SIGTERM else 3_500, 400), list[str]()

    def pour(part: list[tuple[str, Webhook]]) -> None:
        for name, one in part:
            try:
                if send(own, one):
                    taken.append(name)
            except httpx.TransportError:
                return

    with endpoint(own) as process:
        threads = [threading.Thread(target=pour, args=(sent[i::8],)) for i in range(8)]
        for thread in threads:
            thread.start()
        # As long as it takes: how fast the machine is proves nothing.
        eventually(lambda: len(taken) > 50, 120)
        process.send_signal(end)
        process.wait()
        for thread in threads:
            thread.join()

    assert len(taken) > 50
    assert set(taken) <= set(arrived(own))


def test_while_kafka_is_away_it_says_so_in_time_and_loses_nothing(own: Settings, stack: Settings) -> None:
    supervisor = Supervisor(place(stack))
    sent = calls(own, 4_000, 5)
    with endpoint(own):
        insisting(own, calls(own, 4_900, 1)[0][1])
        supervisor.stop("kafka")
        try:
            answers = [send(own, one) for _key, one in sent[:1]]
        finally:
            supervisor.start("kafka")
        eventually(servers(stack)[0].answers)
        eventually(lambda: all(send(own, one) for _key, one in sent))

    assert answers == [False]
    # It was said while Kafka was still away; providers wait five seconds and more.
    assert TIMEOUT_MS < 5000
    # A record whose confirmation was lost may stand twice: the flow knows it.
    assert set(dict(sent)) <= set(arrived(own))


def test_the_same_event_always_falls_into_the_same_partition(stack: Settings) -> None:
    name = kafka.topic(stack.bootstrap, PARTITIONS)

    async def run() -> None:
        topic = Topic(TopicSettings(stack.bootstrap, name, timeout_ms=0))
        await asyncio.gather(*(topic.put(f"sepay:{i % 10}", b"{}") for i in range(100)))
        await topic.close()

    asyncio.run(run())
    for partition in range(PARTITIONS):
        assert all(partition_of(key) == partition for key in _keys(stack.bootstrap, name, partition))


def _keys(bootstrap: str, name: str, partition: int) -> list[str]:
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "test-keys", "auto.offset.reset": "earliest"}
    )
    try:
        place = TopicPartition(name, partition)
        low, high = insist(lambda: consumer.get_watermark_offsets(place, timeout=5))
        consumer.assign([TopicPartition(name, partition, low)])
        found: list[str] = []
        while len(found) < high - low:
            records = filter(kafka.is_record, consumer.consume(high - low - len(found), 1))
            found += [(record.key() or b"").decode() for record in records]
        return found
    finally:
        consumer.close()


def test_more_at_once_than_memory_allows_is_refused_at_the_door() -> None:
    async def run() -> list[object]:
        topic = Topic(TopicSettings("127.0.0.1:1", "nowhere", most_awaited=3, timeout_ms=500))
        found = await asyncio.gather(*(topic.put(str(i), b"") for i in range(10)), return_exceptions=True)
        await topic.close()
        return found

    found = asyncio.run(run())
    assert all(isinstance(one, NotKeptError) for one in found)
    assert sum("too many" in str(one) for one in found) == 7
