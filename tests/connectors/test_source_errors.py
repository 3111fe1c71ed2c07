"""What the broker says between two records ends a flow only where it cannot pass by itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from bytewax.dataflow import Dataflow
from bytewax.inputs import DynamicSource, StatelessSourcePartition
from bytewax.operators import input as read
from bytewax.operators import output
from bytewax.testing import TestingSink
from confluent_kafka import KafkaError, KafkaException

from connectors.bytewax_runner import FlowError, run
from connectors.kafka import sink, topics
from connectors.kafka.asking import passes
from connectors.kafka.source import KafkaSourceSettings, _Part
from connectors.kafka.topics import TOPICS


class Said:
    """A message that carries an error and no record."""

    def __init__(self, code: int) -> None:
        self._error = KafkaError(code)

    def error(self) -> KafkaError:
        return self._error

    def partition(self) -> int:
        return 0


def hear(code: int) -> None:
    part = _Part.__new__(_Part)
    part._settings = KafkaSourceSettings("nobody:1", "readings", "g")
    part._on_error(Said(code))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "_TRANSPORT",
        "_ALL_BROKERS_DOWN",
        "_TIMED_OUT",
        "_MAX_POLL_EXCEEDED",
        "_UNKNOWN_PARTITION",
        "_NOENT",
        "UNKNOWN",
        "REQUEST_TIMED_OUT",
        "UNKNOWN_TOPIC_OR_PART",
    ],
)
def test_what_passes_ends_no_flow(name: str) -> None:
    """Librdkafka calls none of these retriable when it comes as a message: a flow died of each, on a stalled machine too."""
    hear(getattr(KafkaError, name))


@pytest.mark.parametrize("name", ["TOPIC_AUTHORIZATION_FAILED", "_AUTHENTICATION", "_BAD_MSG"])
def test_what_does_not_pass_ends_it(name: str) -> None:
    with pytest.raises(KafkaException):
        hear(getattr(KafkaError, name))


LED = {topic.name: [1] * topic.partitions for topic in TOPICS}
NOT_LED = {
    "one topic is not known yet": {name: leaders for name, leaders in LED.items() if name != "receipts"},
    "one has no partition yet": LED | {"receipts": []},
    "one partition has no leader": LED | {"readings": [1, -1, 1, 1]},
}


def standing(monkeypatch: pytest.MonkeyPatch, leaders: dict[str, list[int]]) -> None:
    found = {
        name: SimpleNamespace(partitions={i: SimpleNamespace(leader=one) for i, one in enumerate(of_topic)})
        for name, of_topic in leaders.items()
    }
    answer = SimpleNamespace(list_topics=lambda **_: SimpleNamespace(topics=found))
    monkeypatch.setattr(topics, "AdminClient", lambda _: answer)


@pytest.mark.parametrize("leaders", NOT_LED.values(), ids=NOT_LED.keys())
def test_topics_that_are_created_and_not_led_are_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, leaders: dict[str, list[int]]
) -> None:
    standing(monkeypatch, leaders)

    with pytest.raises(KafkaException) as raised:
        topics.require_led("nobody:1")
    assert passes(raised.value.args[0])


def test_topics_that_are_led_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    standing(monkeypatch, LED)
    topics.require_led("nobody:1")


class Away:
    """A producer whose broker answers at the fourth look, with `error` or well."""

    def __init__(self, error: KafkaError | None) -> None:
        self._error, self.looks = error, 0
        self.part = sink._Part.__new__(sink._Part)
        self.part._topic, self.part._failed, self.part._producer = "alerts", None, self  # type: ignore[assignment]

    def flush(self, _seconds: float) -> int:
        self.looks += 1
        if self.looks == 4:
            self.part._delivered(self._error, None)  # type: ignore[arg-type]
        return 0 if self.looks >= 4 else 2


def test_a_snapshot_of_a_sink_waits_for_a_broker_that_is_away() -> None:
    """The flow died after 25 s of it, and came back to the same broker."""
    away = Away(None)
    away.part.snapshot()

    assert away.looks == 4


def test_a_snapshot_of_a_sink_raises_what_the_broker_says_at_last() -> None:
    away = Away(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE))

    with pytest.raises(sink.DeliveryError, match="did not take"):
        away.part.snapshot()


class Failing(DynamicSource[int]):
    def build(self, step_id: str, worker_index: int, worker_count: int) -> Part:
        return Part()


class Part(StatelessSourcePartition[int]):
    def next_batch(self) -> list[int]:
        msg = "readings[2]: not allowed"
        raise PermissionError(msg)


def test_a_flow_that_fails_names_the_cause_in_its_last_line(tmp_path: object) -> None:
    """The stack shows the end of a log; the engine's own error, which stands there, names the step alone."""
    flow = Dataflow("failing")
    output("out", read("in", flow, Failing()), TestingSink([]))

    with pytest.raises(FlowError, match=r"^failing: PermissionError: readings\[2\]: not allowed$"):
        run(flow, tmp_path)  # type: ignore[arg-type]
