"""The store writes once whatever is replayed, at every level of the server."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import psycopg
import pytest

from connectors.timescale.alerts import AlertWriter
from connectors.timescale.connection import Store
from connectors.timescale.housekeeper import maintain
from connectors.timescale.offsets import lower_to
from connectors.timescale.reference import load
from connectors.timescale.sink import ObservationWriter
from flows.alerts import Notifying
from infra.run.migrations.runner import Capability, migrate
from models.alerting.intake import Intake, read_changes
from models.quality.settings import Quality, Rate
from models.telemetry.batch import FloodRow, Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import START_MS, at, batch, commune, dust_rule, payload, reading
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration


@pytest.fixture(params=[Capability.APACHE, Capability.POSTGRESQL])
def level(request: pytest.FixtureRequest) -> Capability:
    return Capability(request.param)


@pytest.fixture
def admin(server_dsn: str, secrets: dict[str, str], level: Capability) -> Iterator[str]:
    """An empty, migrated database of its own; the DSN of its administrator."""
    with empty_store(server_dsn, secrets, f"test_{level.value}", level) as found:
        load(found, commune())
        yield found


@pytest.fixture
def writer(admin: str, secrets: dict[str, str]) -> str:
    """The DSN of the writer role."""
    return as_role(admin, secrets, "writer")


def _day(parts: int) -> list[Judged]:
    """A flood with garbage and a duplicate, judged in `parts` batches."""
    values = [payload(1.0 + i / 10, minute=i) for i in range(30)] + [b"garbage", payload(1.0)]
    size = -(-len(values) // parts)
    shard: Shard = {}
    return [
        judge(
            plan(commune()),
            shard,
            batch(values[i : i + size], minutes=[30.0] * len(values[i : i + size]), first=i),
        )
        for i in range(0, len(values), size)
    ]


def _one(dsn: str, query: str) -> tuple[object, ...]:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _assert_the_day_is_stored_once(dsn: str) -> None:
    assert _one(dsn, "select count(*), count(distinct at) from observation") == (30, 30)
    refused = "select count(*), min(\"offset\"), min(encode(payload, 'escape')) from rejected"
    assert _one(dsn, refused) == (1, 30, "garbage")
    assert _one(dsn, "select next_offset, read, stored, rejected, duplicates from source_offset") == (
        32,
        32,
        30,
        1,
        1,
    )


def test_a_second_migration_changes_nothing(admin: str, secrets: dict[str, str], level: Capability) -> None:
    assert migrate(admin, secrets) == level.value


@pytest.mark.parametrize("start", range(4))
def test_replaying_any_suffix_writes_nothing_twice(writer: str, start: int) -> None:
    judged = _day(4)
    one = ObservationWriter(writer)
    one.write(judged[:2])
    one.write(judged[2:])

    again = ObservationWriter(writer)
    for part in judged[start:]:
        again.write([part])

    _assert_the_day_is_stored_once(writer)


def test_a_replay_in_other_batches_writes_only_what_is_missing(writer: str) -> None:
    ObservationWriter(writer).write(_day(4)[:2])
    ObservationWriter(writer).write(_day(3))

    _assert_the_day_is_stored_once(writer)


def test_a_connection_that_was_cut_is_opened_again(writer: str, admin: str) -> None:
    judged = _day(2)
    one = ObservationWriter(writer)
    one.write(judged[:1])
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'phusa_writer'"
        )
    one.write(judged[1:])

    _assert_the_day_is_stored_once(writer)


def test_what_a_test_says_last_of_a_reading_holds(writer: str) -> None:
    """A reading that looked like a jump is none when the one between comes late."""
    own = msgspec.structs.replace(commune(), quality=[Quality("river_level", rate=Rate(30.0))])
    shard: Shard = {}
    early = judge(plan(own), shard, batch([payload(1.0), payload(2.0, minute=1)], minutes=[5.0, 5.0]))
    one = ObservationWriter(writer)
    one.write([early])
    assert _one(writer, "select count(*), max(checked) from observation_checked where tests = '{rate}'") == (
        1,
        3,
    )

    late = payload(1.9, at=at(START_MS + 30_000))
    one.write([judge(plan(own), shard, batch([late], minutes=[5.0], first=2))])

    assert _one(
        writer, "select max(checked), max(flag) from observation_checked where at = '" + _later() + "'"
    ) == (1, 3)


def _later() -> str:
    return at(START_MS + 60_000).isoformat()


def test_a_flood_is_as_it_was_told_last_and_one_that_was_none_goes(writer: str) -> None:
    floods = [
        FloodRow("phu-oc", at(0), at(60_000 * i), float(i), at(600_000) if i == 3 else None, 0.0)
        for i in (1, 2, 3)
    ]
    floods += [FloodRow("phu-oc", at(900_000), at(900_000), 2.0, None, 0.0, gone) for gone in (False, True)]
    for i, flood in enumerate(floods):
        judged = judge(plan(commune()), {}, batch([payload(1.0, minute=i)], minutes=[float(i)], first=i))
        ObservationWriter(writer).write([msgspec.structs.replace(judged, floods=[flood])])

    assert _one(writer, "select count(*), max(peak), max(end_at) from flood") == (1, 3.0, at(600_000))


def test_the_roll_up_counts_late_readings_and_leaves_out_failed_ones(writer: str) -> None:
    shard: Shard = {}
    one = ObservationWriter(writer)
    values = [payload(1.0), payload(3.0, minute=5), payload(99.0, minute=10)]
    one.write([judge(plan(commune()), shard, batch(values))])
    store = Store(writer)
    maintain(store, at(START_MS))
    late = [payload(5.0, minute=2)]
    one.write([judge(plan(commune()), shard, batch(late, minutes=[20], first=3))])
    maintain(store, at(START_MS))

    assert _one(writer, "select mean, low, high, count from observation_1h") == (3.0, 1.0, 5.0, 3)


def test_hours_of_weeks_apart_are_all_rolled_up_in_one_round(writer: str) -> None:
    week_min = 7 * 24 * 60
    one = ObservationWriter(writer)
    values = [payload(float(i), minute=i * week_min) for i in range(3)]
    one.write([judge(plan(commune()), {}, batch(values, minutes=[i * week_min for i in range(3)]))])

    assert maintain(Store(writer), at(START_MS)) == 3
    assert maintain(Store(writer), at(START_MS)) == 0


def test_an_hourly_mean_is_stored_under_its_natural_key(writer: str) -> None:
    minutes = [5.0 * i + 5 for i in range(14)]
    values = [payload(60.0, minute=minute, parameter="pm25", unit="ug/m3") for minute in minutes]
    judged = judge(plan(commune(dust_rule())), {}, batch(values, minutes=minutes))
    ObservationWriter(writer).write([judged])
    ObservationWriter(writer, flow="again").write([judged])

    assert _one(writer, "select parameter, value, count from derived") == ("pm25_1h", 60.0, 12)


def _intake() -> Intake:
    values = [payload(1.6), payload(3.1, minute=1), payload(0.5, minute=2)]
    changes = judge(plan(commune()), {}, batch(values)).changes
    return Intake("alerts", 1, len(changes), len(changes), changes, list(range(len(changes))), [])


def test_an_alert_is_raised_worsened_and_cleared_once_however_often_it_is_told(writer: str) -> None:
    for flow in ("alerts", "alerts", "another"):
        AlertWriter(writer, Notifying(commune()), flow).write([_intake()])

    assert _one(writer, "select count(*) from alert_change") == (3,)
    assert _one(writer, "select level, peak_level, cleared_at is not null from alert") == (0, 2, True)


def test_words_that_quote_a_nul_are_kept_and_so_are_the_bytes(writer: str) -> None:
    found = read_changes(batch([b'{"change":"x\\u0000"}'], topic="alerts"))
    AlertWriter(writer, Notifying(commune())).write([found])

    assert _one(writer, "select position('␀' in en) > 0 or en <> '' from rejected") == (True,)


def test_positions_beyond_a_topics_end_come_back_to_it(writer: str) -> None:
    ObservationWriter(writer).write(_day(2))
    with psycopg.connect(writer) as connection:
        lowered = lower_to(connection, {"readings": {1: 7}})

    assert [(place, end) for _flow, _topic, _partition, place, end in lowered] == [(32, 7)]
    assert _one(writer, "select next_offset, read from source_offset") == (7, 32)


def test_the_reader_sees_no_bytes_of_rejected_messages(admin: str, secrets: dict[str, str]) -> None:
    reader = as_role(admin, secrets, "reader")
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select payload from rejected")


def test_the_reader_may_not_write(admin: str, secrets: dict[str, str]) -> None:
    reader = as_role(admin, secrets, "reader")
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from observation")


def test_a_sensor_that_never_spoke_stands_in_the_state_without_a_value(admin: str, writer: str) -> None:
    ObservationWriter(writer).write([judge(plan(commune()), {}, batch([payload(reading().value)]))])

    assert _one(admin, "select value from phusa.sensor_state where parameter = 'river_level'") == (1.0,)
    assert _one(admin, "select value, at from phusa.sensor_state where parameter = 'pm25'") == (None, None)
