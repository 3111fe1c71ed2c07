"""The alerts flow with lists at its ends."""

from __future__ import annotations

import msgspec
from bytewax.testing import TestingSink, TestingSource, run_main

from flows.alerts import Item, build
from models.alerting.alert import AlertChange
from models.rejected import Reason
from models.telemetry.judge import judge
from models.telemetry.sensor import plan
from tests.builders import batch, commune, payload


def _change() -> AlertChange:
    return judge(plan(commune()), {}, batch([payload(1.6)])).changes[0]


def test_a_change_reaches_the_store_and_garbage_is_kept_beside_it() -> None:
    store: list[Item] = []
    rejected: list[Item] = []
    values = [msgspec.json.encode(_change()), b"{}"]
    source = TestingSource([("1", batch(values, topic="alerts"))])
    run_main(build(source, TestingSink(store), TestingSink(rejected)))

    ((_key, intake),) = store
    assert intake.changes == [_change()]
    assert [(one.reason, one.payload, one.offset) for one in intake.rejected] == [
        (Reason.WRONG_TYPE, b"{}", 1)
    ]
