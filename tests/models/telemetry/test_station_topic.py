"""Which topics of MQTT are a station's, and what on them is refused before Kafka."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from models.envelope.reading import Reading
from models.envelope.rejected import Reason
from models.telemetry.station_topic import LONGEST, PREFIX, forged, rejected, station_of, unknown_topic

NOW = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
READING = Reading(1, "phu-oc", 7, NOW, "river_level", 1.2, "m")

TOPICS = [
    pytest.param(f"{PREFIX}phu-oc", "phu-oc", id="a station"),
    pytest.param(PREFIX, None, id="no station"),
    pytest.param(f"{PREFIX}phu-oc/x", None, id="below a station"),
    pytest.param("phusa/v2/readings/phu-oc", None, id="another version"),
]


@pytest.mark.parametrize(("topic", "station"), TOPICS)
def test_whose_topic_it_is(topic: str, station: str | None) -> None:
    assert station_of(topic) == station


MARKED = msgspec.structs.replace(READING, asked=True)
PAYLOADS = [
    pytest.param(msgspec.json.encode(READING), None, id="a plain reading"),
    pytest.param(msgspec.json.encode(MARKED), Reason.WRONG_SOURCE, id="asked is ours to set"),
    pytest.param(
        msgspec.json.encode(msgspec.structs.replace(READING, retimed=True)), Reason.WRONG_SOURCE, id="retimed is ours to set"
    ),
    pytest.param(msgspec.json.encode(MARKED).replace(b"true", b"false"), None, id="the mark, not set"),
    pytest.param(b'{"asked": tru', None, id="unreadable: the flow refuses it by name"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "reason"), PAYLOADS)
def test_marks_of_our_own_are_refused_from_a_station(payload: bytes, reason: Reason | None) -> None:
    found = forged(payload)

    assert (None if found is None else found.reason) is reason


def test_a_refused_message_is_kept_under_the_same_key_whenever_it_comes() -> None:
    topic = "phusa/v2/readings/phu-oc"
    first, again = (rejected(topic, b"{}", unknown_topic(topic), at) for at in (NOW, NOW.replace(hour=9)))

    assert (first.topic, first.partition, first.offset) == (again.topic, again.partition, again.offset)
    assert (first.key, first.reason, first.payload) == (None, Reason.UNKNOWN_TOPIC, b"{}")
    assert rejected(topic, b"[]", unknown_topic(topic), NOW).offset != first.offset


def test_a_refused_message_of_a_station_has_its_name() -> None:
    why = forged(msgspec.json.encode(MARKED))
    assert why is not None

    assert rejected(f"{PREFIX}phu-oc", b"{}", why, NOW).key == b"phu-oc"


def test_an_endless_topic_is_cut() -> None:
    topic = "phusa/" + "x" * 1000

    assert len(rejected(topic, b"", unknown_topic(topic), NOW).topic) <= LONGEST + len("mqtt:")
