"""What the broker says between two records ends a flow only where it cannot pass by itself."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from bytewax.dataflow import Dataflow
from bytewax.inputs import DynamicSource, StatelessSourcePartition
from bytewax.operators import input as read
from bytewax.operators import output
from bytewax.testing import TestingSink
from confluent_kafka import KafkaError, KafkaException

from connectors.bytewax_runner import FlowError, run
from connectors.kafka import asking, sink, topics
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


CREATED = {
    "the only broker is fenced": (
        "Unable to replicate the partition 1 time(s): All brokers are currently fenced.",
        True,
    ),
    "fewer brokers than copies": ("The target replication factor of 1 cannot be reached", False),
}


@pytest.mark.parametrize(("why", "again"), CREATED.values(), ids=CREATED.keys())
def test_a_topic_without_a_place_is_asked_for_again_only_while_brokers_are_fenced(
    monkeypatch: pytest.MonkeyPatch, why: str, again: bool
) -> None:
    refused: Future[None] = Future()
    refused.set_exception(KafkaException(KafkaError(KafkaError.INVALID_REPLICATION_FACTOR, why)))
    answer = SimpleNamespace(
        list_topics=lambda **_: SimpleNamespace(topics={}),
        create_topics=lambda wanted: {one.topic: refused for one in wanted},
    )
    monkeypatch.setattr(topics, "AdminClient", lambda _: answer)

    with pytest.raises(KafkaException) as raised:
        topics.create("nobody:1")
    assert passes(raised.value.args[0]) is again


def test_topics_that_are_led_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    standing(monkeypatch, LED)
    topics.require_led("nobody:1")


class Away:
    """A producer whose broker answers well at the fourth look, or says `error` at the second and leaves the rest."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: KafkaError | None = None) -> None:
        self._error, self.looks, self.config, self.purged = error, 0, dict[str, object](), False

        def made(settings: sink.KafkaSinkSettings) -> Away:
            self.config = settings.config
            return self

        monkeypatch.setattr(sink, "producer", made)
        self.part = sink._Part(sink.KafkaSinkSettings("nobody:1", "alerts"), lambda _: [], None)

    def purge(self) -> None:
        self.purged = True

    def flush(self, _seconds: float) -> int:
        self.looks += 1
        if self.looks == 2 and self._error is not None:
            self.part._delivered(self._error, None)  # type: ignore[arg-type]
        assert self.looks < 100, "it would wait for ever"
        return 0 if self.looks >= 4 and self._error is None else 2


def test_a_snapshot_of_a_sink_waits_for_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flow died after 25 s of it, and came back to the same broker."""
    away = Away(monkeypatch)
    away.part.snapshot()

    assert away.looks == 4
    assert away.config["message.timeout.ms"] == 0


def test_a_snapshot_of_a_sink_raises_what_the_broker_says_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away(monkeypatch, KafkaError(KafkaError.MSG_SIZE_TOO_LARGE))

    with pytest.raises(sink.DeliveryError, match="did not take"):
        away.part.snapshot()
    assert away.looks == 2


def test_a_flow_that_is_told_to_end_waits_for_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    away, told = Away(monkeypatch), threading.Event()
    told.set()
    monkeypatch.setattr(sink, "stopping", told)

    with pytest.raises(sink.DeliveryError, match="told to end"):
        away.part.snapshot()
    assert away.purged


class Group:
    """A consumer whose commit is answered with `error`."""

    def __init__(self, error: KafkaError) -> None:
        self._error = error

    def commit(self, *, asynchronous: bool) -> None:
        assert not asynchronous
        raise KafkaException(self._error)


@pytest.mark.parametrize(
    "name", ["NOT_COORDINATOR", "REBALANCE_IN_PROGRESS", "_TIMED_OUT", "UNKNOWN_MEMBER_ID"]
)
def test_a_place_that_is_not_kept_ends_nothing(name: str) -> None:
    """The delivery died of the first, when a broker had come back; its next batch keeps the place."""
    asking.commit(Group(KafkaError(getattr(KafkaError, name))))  # type: ignore[arg-type]


NEVER = {
    "fatal": KafkaError(KafkaError._FENCED, "another has our name", fatal=True),
    "nobody lets us": KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED),
}


@pytest.mark.parametrize("error", NEVER.values(), ids=NEVER.keys())
def test_a_place_that_never_will_be_kept_is_an_error(error: KafkaError) -> None:
    with pytest.raises(KafkaException):
        asking.commit(Group(error))  # type: ignore[arg-type]


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
