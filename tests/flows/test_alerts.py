"""The alerts flow with lists at its ends."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import TestingSink, TestingSource, run_main

from flows.alerts import Item, Notifying, build
from models.alerting.alert import AlertChange
from models.alerting.intake import read_changes
from models.alerting.outbox import Closed, Stages
from models.envelope.rejected import Reason
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import batch, commune, payload
from tests.memory_store import MemoryStore
from tests.messages import AT
from tests.stories import alerts as story


def _change() -> AlertChange:
    return judge(plan(commune()), {}, batch([payload(1.6)])).changes[0]


UNSTORABLE = {
    "a NUL in a text": {"station": "phu\0oc"},
    "a time before computers": {"at": datetime(9, 1, 1, tzinfo=UTC)},
    "a time after us": {"at": datetime(9999, 12, 31, 23, tzinfo=UTC)},
}


def test_brackets_without_end_are_refused() -> None:
    intake = read_changes(batch([b'{"x":' + b"[" * 5000, b"{}"], topic="alerts"))

    assert len(intake.rejected) == 2


@pytest.mark.parametrize("changed", UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_what_no_row_can_hold_is_refused_and_stops_nothing(changed: dict[str, object]) -> None:
    bad = msgspec.json.encode(msgspec.structs.replace(_change(), **changed))
    intake = read_changes(batch([bad, msgspec.json.encode(_change())], topic="alerts"))

    assert [one.payload for one in intake.rejected] == [bad]
    assert intake.changes == [_change()]


class _Writes(StatelessSinkPartition[Item]):
    def __init__(self, store: MemoryStore, stages: Stages) -> None:
        self._store, self._stages = store, stages

    def write_batch(self, items: list[Item]) -> None:
        for _key, intake in items:
            self._store.write(self._stages, intake.changes, AT)


class MemorySink(DynamicSink[Item]):
    """The end of the flow in a plain object."""

    def __init__(self, store: MemoryStore, stages: Stages) -> None:
        self._store, self._stages = store, stages

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Writes:
        return _Writes(self._store, self._stages)


def test_changes_go_through_the_stages_into_the_outbox_one_message_a_place() -> None:
    store = MemoryStore()
    told = [story.river().goes(1, 0), story.rain().goes(1, 0), story.river().goes(1, 0)]
    source = TestingSource([("1", batch([msgspec.json.encode(change) for change in told], topic="alerts"))])
    stages = Notifying(story.commune(story.HEAD))
    run_main(build(source, stages, lambda between: MemorySink(store, between), TestingSink([])))

    assert [(row.alert, row.state, row.shown) for row in store.rows.values()] == [
        ("river:1", "merged", ["river:1"]),
        ("rain:1", "pending", ["rain:1", "river:1"]),
    ]


def test_alerts_that_nobody_judges_are_closed_and_who_heard_of_them_hears_why() -> None:
    store, kept = MemoryStore(), story.commune(story.HEAD, story.FARM)
    store.write(Notifying(kept), [story.river().goes(2, 0), story.flood().goes(1, 0)], AT)
    gone = msgspec.structs.replace(kept, rules=kept.rules[1:])
    closed = Notifying(gone).close(store, AT, AT)

    assert [(change.alert, change.seq, change.level, change.previous) for change in closed.changes] == [
        ("river:1", 2, 0, 2)
    ]
    (row,) = closed.rows
    assert (row.notification.contact, row.state, row.place, row.shown, row.seqs, row.next_at) == (
        "head",
        "pending",
        "phu-oc",
        ["river:1"],
        [2],
        AT,
    )
    assert row.notification.template_id == "closed"


def test_nothing_is_closed_where_somebody_judges() -> None:
    store, kept = MemoryStore(), story.commune(story.HEAD)
    store.write(Notifying(kept), [story.river().goes(2, 0)], AT)

    assert Notifying(kept).close(store, AT, AT) == Closed([], [])


def test_a_change_behind_a_closing_is_numbered_behind_it() -> None:
    store, own = MemoryStore(), story.river()
    kept = story.commune(story.HEAD)
    store.write(Notifying(kept), [own.goes(1, 0)], AT)
    gone = msgspec.structs.replace(kept, rules=kept.rules[1:])
    (closing,) = Notifying(gone).close(store, AT, AT).changes
    store.changes[closing.alert][closing.seq] = closing
    (numbered,) = Notifying(kept).number([own.goes(2, 20)], store)

    assert (closing.seq, numbered.seq) == (2, 3)


def test_a_change_reaches_the_store_and_garbage_is_kept_beside_it() -> None:
    store: list[Item] = []
    rejected: list[Item] = []
    values = [msgspec.json.encode(_change()), b"{}"]
    source = TestingSource([("1", batch(values, topic="alerts"))])
    run_main(build(source, Notifying(commune()), lambda _: TestingSink(store), TestingSink(rejected)))

    ((_key, intake),) = store
    assert intake.changes == [_change()]
    assert [(one.reason, one.payload, one.offset) for one in intake.rejected] == [
        (Reason.WRONG_TYPE, b"{}", 1)
    ]
