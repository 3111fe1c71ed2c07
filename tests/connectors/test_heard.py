"""The store of the flow places: verdicts, refused records and the position in one transaction, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from connectors.timescale.heard import HeardWriter, knows_position
from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason, Rejected
from models.places.listen import Placed
from models.telemetry.batch import Verdict
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
AT = datetime(2026, 10, 12, 7, tzinfo=UTC)
NEIGHBOUR = Verdict(AT, "phu-oc", "river_level", "neighbour", 3)


@pytest.fixture(scope="module")
def empty(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "heard") as admin:
        yield as_role(admin, secrets, "writer")


@pytest.fixture
def writer(empty: str) -> Iterator[HeardWriter]:
    with psycopg.connect(empty) as db:
        db.execute("delete from source_offset")
        db.execute("delete from quality")
    found = HeardWriter(empty)
    yield found
    found.close()


def placed(next_offset: int, first_offset: int = 0, verdicts: tuple[Verdict, ...] = ()) -> Placed:
    return Placed("testimony", 1, first_offset, next_offset, True, [], list(verdicts), [])


def refused(offset: int) -> Rejected:
    why = Refusal(Reason.WRONG_TYPE, "sai", "wrong")
    return Rejected.of(why, ("testimony", 1, offset), source="places", at=AT, key=None, payload=b"x")


def counts(dsn: str) -> tuple[int, ...]:
    with psycopg.connect(dsn) as db:
        row = db.execute(
            "select next_offset, read, stored, rejected from source_offset where flow = 'places'"
        ).fetchone()
    return tuple(row or ())


def test_all_that_is_before_the_position_counts_once_however_often_it_is_written(
    writer: HeardWriter, empty: str
) -> None:
    bad = placed(7)
    bad.rejected.append(refused(5))

    writer.write([placed(3), bad])
    writer.write([placed(3), bad, placed(9)])

    assert counts(empty) == (9, 9, 8, 1)


def test_a_topic_whose_oldest_records_are_gone_counts_from_the_first_that_was_read(
    writer: HeardWriter, empty: str
) -> None:
    writer.write([placed(104, first_offset=100)])

    assert counts(empty) == (104, 4, 4, 0)


def test_a_verdict_that_comes_again_stands_once_and_moves_no_position(
    writer: HeardWriter, empty: str
) -> None:
    writer.write([placed(4, verdicts=(NEIGHBOUR,))])
    writer.write([placed(2, verdicts=(NEIGHBOUR,))])

    with psycopg.connect(empty) as db:
        rows = db.execute("select station, test, flag from quality").fetchall()
    assert rows == [("phu-oc", "neighbour", 3)]
    assert counts(empty)[0] == 4


def test_only_a_flow_that_has_stored_something_has_had_its_first_start(
    writer: HeardWriter, empty: str
) -> None:
    assert not knows_position(empty)
    writer.write([placed(1)])
    assert knows_position(empty)
