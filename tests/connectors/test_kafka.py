"""Our source and sink on the real broker: nothing skipped, nothing swallowed, a clean stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from connectors.clock import Played
from connectors.kafka.asking import insist
from connectors.kafka.sink import DeliveryError, KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.kafka.topics import TOPICS, create, require_led
from connectors.settings import Settings
from models.envelope.batch import RawBatch
from tests import kafka
from tests.gateways import eventually

pytestmark = pytest.mark.integration

VALUES = [str(i).encode() for i in range(10)]


@pytest.fixture
def bootstrap(stack: Settings) -> str:
    return stack.bootstrap


def read(part: object, wanted: int) -> list[RawBatch]:
    """Batches until `wanted` records came."""
    batches: list[RawBatch] = []
    while sum(len(batch.values) for batch in batches) < wanted:
        batches += [batch for _key, batch in part.next_batch()]  # type: ignore[attr-defined]
        time.sleep(0.005)
    return batches


def values(batches: list[RawBatch]) -> list[bytes]:
    return [value for batch in batches for value in batch.values]


def test_topics_are_created_once_with_their_retention(bootstrap: str) -> None:
    assert insist(lambda: create(bootstrap)) == []
    insist(lambda: require_led(bootstrap))
    admin = AdminClient({"bootstrap.servers": bootstrap})
    standing = insist(lambda: admin.list_topics(timeout=10)).topics

    assert {topic.name: topic.partitions for topic in TOPICS} == {
        topic.name: len(standing[topic.name].partitions) for topic in TOPICS
    }


def test_a_source_resumes_exactly_behind_its_snapshot(bootstrap: str) -> None:
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, VALUES)
    source = KafkaSource(KafkaSourceSettings(bootstrap, name, "g"))
    first = source.build_part("s", name, None)
    assert values(read(first, 10)) == VALUES
    state = first.snapshot()
    first.close()
    kafka.fill(bootstrap, name, [b"new"])
    second = source.build_part("s", name, state)

    assert state == {0: 10, 1: 0}
    assert values(read(second, 1)) == [b"new"]
    second.close()


def test_a_backlog_of_frames_is_skipped_up_to_its_newest(bootstrap: str) -> None:
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, [str(i).encode() for i in range(100)])
    settings = KafkaSourceSettings(bootstrap, name, "g", batch=5, max_lag=40)
    part = KafkaSource(settings).build_part("s", name, None)
    # It looks once a second. On a slow machine that may be before the first record came: here, when the test says so.
    part._lag_due = datetime.max.replace(tzinfo=UTC)
    first = read(part, 5)  # what the end is, is known only after a first fetch
    part._lag_due = datetime.now(UTC)
    rest = read(part, 10)

    assert values(first)[0] == b"0"
    assert values(rest) == [str(i).encode() for i in range(90, 100)]
    part.close()


def test_without_that_setting_a_backlog_is_read_to_its_end(bootstrap: str) -> None:
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, [str(i).encode() for i in range(100)])
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g", batch=5)).build_part("s", name, None)

    assert len(values(read(part, 100))) == 100
    part.close()


def test_a_batch_knows_its_place_and_time(bootstrap: str) -> None:
    name = kafka.topic(bootstrap)
    before = time.time() * 1000 - 1000
    kafka.fill(bootstrap, name, VALUES, partition=1)
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g")).build_part("s", name, None)
    batches = read(part, 10)
    part.close()

    assert [offset for batch in batches for offset in batch.offsets] == list(range(10))
    assert {(batch.topic, batch.partition) for batch in batches} == {(name, 1)}
    assert batches[-1].next_offset == 10
    assert all(before < stamp < time.time() * 1000 + 1000 for batch in batches for stamp in batch.stamps_ms)


def test_latest_is_a_number_from_the_start_on(bootstrap: str) -> None:
    """What comes between the start and the first poll is not skipped."""
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, [b"old"])
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g", start="latest")).build_part("s", name, None)
    kafka.fill(bootstrap, name, [b"new"])
    found = values(read(part, 1))
    part.close()

    assert found == [b"new"]


def test_what_retention_took_is_told_and_the_rest_is_read(
    bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, VALUES)
    admin = AdminClient({"bootstrap.servers": bootstrap})
    insist(
        lambda: [record.result() for record in admin.delete_records([TopicPartition(name, 0, 4)]).values()]
    )
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g")).build_part("s", name, {0: 1, 1: 0})
    found = values(read(part, 6))
    part.close()

    assert found == VALUES[4:]
    said = capsys.readouterr().out
    assert "records_lost_to_retention" in said
    assert "lost=3" in said.replace("\x1b[35m", "").replace("\x1b[0m", "").replace("\x1b[36m", "")


def test_a_place_beyond_the_end_is_brought_back_to_it_aloud(
    bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kafka was restored, or lost its newest records: what comes from now on is read."""
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, VALUES)
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g")).build_part("s", name, {0: 5000, 1: 0})
    kafka.fill(bootstrap, name, [b"new"])
    found = values(read(part, 1))
    part.close()

    assert found == [b"new"]
    assert "topic_ends_before_our_place" in capsys.readouterr().out


def test_an_unknown_topic_is_an_error_at_once(bootstrap: str) -> None:
    with pytest.raises(KafkaException):
        KafkaSource(KafkaSourceSettings(bootstrap, "no-such-topic", "g")).build_part(
            "s", "no-such-topic", None
        )


def test_time_is_told_only_when_nothing_waits(bootstrap: str) -> None:
    """A backlog is not silence: the tick comes after the last record."""
    name = kafka.topic(bootstrap)
    kafka.fill(bootstrap, name, VALUES)
    at = datetime(2026, 10, 12, tzinfo=UTC)
    settings = KafkaSourceSettings(bootstrap, name, "g", batch=3, clock=lambda: at)
    part = KafkaSource(settings).build_part("s", name, None)
    seen: list[RawBatch] = []

    def ticked() -> bool:
        seen.extend(batch for _key, batch in part.next_batch())
        return any(batch.tick_ms for batch in seen if batch.partition == 0)

    eventually(ticked)
    part.close()
    first = next(i for i, batch in enumerate(seen) if batch.tick_ms and batch.partition == 0)

    assert len(values([batch for batch in seen[:first] if batch.partition == 0])) == 10
    assert seen[first].tick_ms == at.timestamp() * 1000
    assert seen[first].next_offset == 10


def test_a_plays_tick_stands_before_the_records_that_came_with_it(bootstrap: str, tmp_path: Path) -> None:
    """What was sent after the clock was moved on is judged after the tick, however late anybody looks."""
    name, now = kafka.topic(bootstrap), Played(tmp_path / "clock")
    at = datetime(2026, 10, 12, tzinfo=UTC)
    now.move(at, at, at, 600)
    part = KafkaSource(KafkaSourceSettings(bootstrap, name, "g", clock=now)).build_part("s", name, None)
    first = [batch for _key, batch in part.next_batch()]
    now.move(at, at + timedelta(minutes=10), at + timedelta(minutes=5), 600)
    kafka.fill(bootstrap, name, VALUES)
    seen: list[RawBatch] = []

    def came() -> bool:
        seen.extend(batch for _key, batch in part.next_batch())
        return len(values(seen)) == len(VALUES)

    eventually(came)
    part.close()
    told = [batch.tick_ms for batch in seen]

    assert {(batch.partition, batch.tick_ms) for batch in first} == {
        (0, at.timestamp() * 1000),
        (1, at.timestamp() * 1000),
    }
    assert told[:2] == [(at + timedelta(minutes=5)).timestamp() * 1000] * 2
    assert [batch.complete_ms for batch in seen[:2]] == told[:2]
    assert not values(seen[:2])


def test_a_sink_raises_what_the_broker_refuses(bootstrap: str) -> None:
    name = kafka.topic(bootstrap, **{"max.message.bytes": "1000"})
    part = KafkaSink[bytes](KafkaSinkSettings(bootstrap, name), lambda value: [(None, value)]).build_part(
        "s", name, None
    )
    part.write_batch([b"small"])
    part.snapshot()
    part.write_batch([os.urandom(5000)])

    with pytest.raises(DeliveryError, match="did not take"):
        part.snapshot()
    assert [value for _key, value in kafka.everything(bootstrap, name)] == [b"small"]


def test_a_snapshot_of_a_sink_means_that_all_is_in_the_topic(bootstrap: str) -> None:
    name = kafka.topic(bootstrap)
    sink = KafkaSink[bytes](
        KafkaSinkSettings(bootstrap, name), lambda value: [(b"k", value)] * 2, lambda _value: 1
    )
    part = sink.build_part("s", name, None)
    part.write_batch(VALUES)
    part.snapshot()

    assert kafka.everything(bootstrap, name) == [(b"k", value) for value in VALUES for _ in range(2)]
    part.close()


COPY = """
    import sys
    from pathlib import Path
    import bytewax.operators as op
    from bytewax.dataflow import Dataflow
    from connectors.bytewax_runner import run
    from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
    from connectors.kafka.source import KafkaSource, KafkaSourceSettings

    bootstrap, source, sink, state = sys.argv[1:]
    flow = Dataflow("copy")
    raw = op.input("in", flow, KafkaSource(KafkaSourceSettings(bootstrap, source, "copy")))
    records = lambda batch: [(None, value) for value in batch.values]
    op.output("out", raw, KafkaSink(KafkaSinkSettings(bootstrap, sink), records))
    run(flow, Path(state))
"""


def start(bootstrap: str, source: str, sink: str, state: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", textwrap.dedent(COPY), bootstrap, source, sink, str(state)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def test_sigterm_drains_snapshots_and_exits_with_zero_so_that_nothing_comes_twice(
    bootstrap: str, tmp_path: Path
) -> None:
    source, sink = kafka.topic(bootstrap), kafka.topic(bootstrap)
    for round_ in range(2):
        kafka.fill(bootstrap, source, [f"{round_}-{i}".encode() for i in range(1000)])
        process = start(bootstrap, source, sink, tmp_path)
        eventually(lambda count=1000 * (round_ + 1): len(kafka.everything(bootstrap, sink)) >= count)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0

    found = sorted(value for _key, value in kafka.everything(bootstrap, sink))
    assert found == sorted(f"{r}-{i}".encode() for r in range(2) for i in range(1000))


def test_after_a_kill_nothing_is_missing(bootstrap: str, tmp_path: Path) -> None:
    source, sink = kafka.topic(bootstrap), kafka.topic(bootstrap)
    wanted = {str(i).encode() for i in range(5000)}
    process = start(bootstrap, source, sink, tmp_path)
    for i in range(0, 5000, 500):
        kafka.fill(bootstrap, source, sorted(wanted)[i : i + 500])
        if i == 2500:
            process.kill()
            process.wait()
            process = start(bootstrap, source, sink, tmp_path)
    eventually(lambda: {value for _key, value in kafka.everything(bootstrap, sink)} == wanted)
    process.terminate()
    assert process.wait() == 0
