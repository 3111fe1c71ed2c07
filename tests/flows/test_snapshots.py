"""A flow starts on the memory that the version before has written: tests/golden/snapshots holds it as 0.1 did (commit 9a34518)."""

from __future__ import annotations

import pickle

import pytest

from connectors import snapshots
from connectors.settings import ROOT
from models.alerting.alert import Change
from models.cameras.memory import plan, restored
from models.cameras.watch import watch
from models.posting.post import Shard, post
from tests.builders import START_MS
from tests.frames import eyes, frame, frames
from tests.messages import place
from tests.payments import event, own, records

FOLDER = ROOT / "tests" / "golden" / "snapshots"
SHOP = {"merchant": "sua-xe-pho-nam-b", "content": ""}


def written(name: str) -> bytes:
    return (FOLDER / f"{name}.pickle").read_bytes()


def test_what_was_usual_at_a_merchant_is_still_known_and_an_odd_payment_leaves_the_wall() -> None:
    shard: Shard = snapshots.loads(written("payments"))
    again = post(own(), shard, records(event(200, 900_000_000, **SHOP)))
    over = post(own(), shard, records(tick_ms=START_MS + 48 * 3_600_000))

    assert [change.change for change in again.changes] == [Change.RAISE]
    assert [change.change for change in over.changes] == [Change.CLEAR, Change.CLEAR]


def test_a_crowd_that_stood_is_told_over_and_not_begun_again() -> None:
    shard = restored(snapshots.loads(written("cameras")))
    changes = [
        change
        for i in range(90, 200)
        for change in watch(plan(place()), shard, eyes(), frames(frame(i, people=2), first=i)).changes
    ]

    assert [(change.rule, change.change) for change in changes] == [("crowd-cho-san", Change.CLEAR)]


@pytest.mark.parametrize("name", ["payments", "cameras"])
def test_what_is_written_now_is_read_as_it_was(name: str) -> None:
    found = snapshots.loads(written(name))

    assert pickle.dumps(snapshots.loads(pickle.dumps(found, protocol=5)), protocol=5) == pickle.dumps(
        found, protocol=5
    )
