"""The alerts flow with lists at its ends."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from bytewax.testing import TestingSink, TestingSource, run_main

from flows.alerts import Item, Notifying, build
from models.alerting.alert import AlertChange
from models.alerting.intake import read_changes
from models.rejected import Reason
from models.telemetry.judge import judge
from models.telemetry.sensor import plan
from tests.builders import batch, commune, payload


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
