"""The screen of the platform: what was not measured is said, a figure counts its list, restarts are counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from connectors.clock import Played
from connectors.settings import Settings
from connectors.timescale import housekeeper, reference
from connectors.timescale.connection import Store
from connectors.timescale.measures import Measure, write
from dashboards.look import SENSOR_WORDS
from infra.run.stack.measured import measured
from tests.dashboards.seeded import EXAMPLE, clock, every, observe
from tests.dashboards.windows import answer, expand, target
from tests.store import as_role, empty_store

MACHINE, SENSORS, UNWELL = "Chương trình và máy", "Từng cảm biến", "Cảm biến không ổn"
FLOWS = "Các luồng (lúc này, không theo khoảng đang xem)"


@pytest.fixture(scope="module")
def own(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """One sensor of the first station speaks, with a last reading that is suspect; the platform was measured from 09:00 to 10:00."""
    with empty_store(server_dsn, secrets, "screen_platform") as admin:
        reference.load(admin, EXAMPLE)
        dsn = as_role(admin, secrets, "writer")
        station, parameter = EXAMPLE.stations[0], EXAMPLE.stations[0].parameters[0]
        times = every(clock("08:00"), clock("10:00"), 5)
        observe(
            dsn,
            station.id,
            parameter.code,
            parameter.unit,
            [(at, 1.0, 3 if at == times[-1] else 1) for at in times],
        )
        with psycopg.connect(dsn) as connection:
            connection.execute(
                "insert into source_offset (flow, topic, partition, next_offset, read, stored) values ('telemetry', 'readings', 0, 10, 25, 25)"
            )
        store = Store(dsn)
        for turn, at in enumerate(every(clock("09:00"), clock("10:00"), 10)):
            write(
                store,
                at,
                [
                    Measure("running", "telemetry", 1.0, "bool"),
                    Measure("running", "capture", float(turn < 5), "bool"),
                    Measure("started", "telemetry", 100.0 + (turn >= 2) + (turn >= 4), "s"),
                    Measure("started", "capture", 100.0, "s"),
                    Measure("disk_free", "var", 20.0, "GB"),
                    Measure("disk_total", "var", 100.0, "GB"),
                    Measure("lag", "telemetry readings", 7.0, "records"),
                ],
            )
        store.close()
        yield dsn


@pytest.fixture
def reader(own: str, secrets: dict[str, str]) -> str:
    return as_role(own, secrets, "reader")


def machine(reader: str, at: str) -> dict[str, str]:
    rows = answer(reader, expand(target("platform", MACHINE), clock("00:00"), clock(at)))
    return {row["Gì"]: row["Bao nhiêu"] for row in rows}


@pytest.mark.integration
def test_restarts_stopped_programs_disk_and_lag_are_told(reader: str) -> None:
    found = machine(reader, "10:05")

    assert found["Khởi động lại trong 24 giờ"] == "telemetry 2 lần"
    assert found["Chương trình không chạy"] == "capture"
    assert "20" in found["Đĩa"]
    assert found["Bản tin còn chờ"] == "7 bản tin"
    assert found["Ghi lúc"] == "5 phút trước"


@pytest.mark.integration
def test_what_was_not_measured_is_not_told_as_well(reader: str) -> None:
    found = machine(reader, "08:00")

    assert all("chưa biết" in said for said in found.values())
    (disk,) = answer(reader, expand(target("platform", "Đĩa còn trống"), clock("00:00"), clock("08:00")))
    assert disk["còn trống"] is None


@pytest.mark.integration
def test_a_measure_of_hours_ago_is_not_told_as_of_now(reader: str) -> None:
    """It said that all programs ran, by a measure of three hours before."""
    found = machine(reader, "13:00")
    flows = answer(reader, expand(target("platform", FLOWS), clock("00:00"), clock("13:00")))
    (disk,) = answer(reader, expand(target("platform", "Đĩa còn trống"), clock("00:00"), clock("13:00")))

    unknown = "chưa biết: housekeeper không ghi từ 10:00 25/11"
    assert {found[one] for one in ("Chương trình không chạy", "Đĩa", "Bản tin còn chờ")} == {unknown}
    assert found["Khởi động lại trong 24 giờ"] == "telemetry 2 lần"
    assert found["Ghi lúc"] == "3 giờ trước"
    assert disk["còn trống"] is None
    assert {row["Còn chờ, cuối khoảng"] for row in flows} == {"chưa biết"}


@pytest.mark.integration
def test_before_the_first_measure_none_is_missed(reader: str) -> None:
    assert set(machine(reader, "08:00").values()) == {"chưa biết: housekeeper chưa ghi"}


@pytest.mark.integration
@pytest.mark.parametrize("at", ["08:30", "10:02", "12:00"])
def test_the_figure_counts_the_rows_of_its_list(reader: str, at: str) -> None:
    (figure,) = answer(reader, expand(target("platform", UNWELL), clock("00:00"), clock(at)))
    rows = answer(reader, expand(target("platform", SENSORS), clock("00:00"), clock(at)))
    unwell = [row for row in rows if row["Trạng thái"] != "bình thường"]

    assert len(rows) == sum(len(station.parameters) for station in EXAMPLE.stations)
    assert figure["Trạng thái"] == f"{len(unwell)} cảm biến"
    assert {row["Trạng thái"] for row in rows} <= SENSOR_WORDS.keys()


@pytest.mark.integration
@pytest.mark.parametrize(
    ("at", "word"), [("08:30", "bình thường"), ("10:02", "nghi ngờ"), ("12:00", "mất tín hiệu")]
)
def test_a_sensor_is_told_as_it_is_and_a_suspect_one_is_not_well(reader: str, at: str, word: str) -> None:
    rows = answer(reader, expand(target("platform", SENSORS), clock("00:00"), clock(at)))

    assert word in {row["Trạng thái"] for row in rows if row["Số cuối"] != "chưa đo bao giờ"}
    assert (SENSOR_WORDS[word] == SENSOR_WORDS["bình thường"]) == (word == "bình thường")


@pytest.mark.integration
def test_a_rate_is_of_the_flow_s_own_counter(own: str, reader: str) -> None:
    with psycopg.connect(own) as connection:
        connection.execute("update source_offset set stored = 85")
    store = Store(own)
    write(store, clock("10:02"), [])
    store.close()
    rows = answer(
        reader, expand(target("platform", "Bản tin lưu mỗi phút, từng luồng"), clock("10:01"), clock("10:05"))
    )
    before = answer(
        reader, expand(target("platform", "Bản tin lưu mỗi phút, từng luồng"), clock("09:00"), clock("10:05"))
    )

    assert rows[-1]["value"] is None
    assert before[-1]["value"] == pytest.approx(30.0)


@pytest.mark.integration
def test_the_housekeeper_measures_by_the_clock_of_the_platform_and_waits_for_a_play_to_begin(
    own: str, tmp_path: Path
) -> None:
    path, store = tmp_path / "clock", Store(own)
    settings = Settings(var=tmp_path, clock=f"played:{path}")
    took: list[int] = []

    def take(_store: Store) -> list[Measure]:
        took.append(1)
        return [Measure("disk_free", "play", 1.0, "GB")]

    assert not housekeeper.measure(settings, store, take)
    assert not took
    played = clock("20:00") + timedelta(days=1)
    Played(path).move(datetime.fromtimestamp(0, UTC), played, played, 1.0)
    assert housekeeper.measure(settings, store, take)
    with psycopg.connect(own) as connection:
        row = connection.execute("select at from platform_measure where name = 'play'").fetchone()
    store.close()

    assert row == (played,)


@pytest.mark.integration
def test_all_that_can_be_asked_of_a_running_copy_is_measured(stack: Settings, own: str) -> None:
    store = Store(own)
    found = {(one.what, one.name): one.value for one in measured(stack, store)}
    store.close()

    assert found["running", "timescaledb"] == 1.0
    assert found["started", "timescaledb"] > 0
    assert 0 < found["disk_free", "var"] < found["disk_total", "var"]
    # No flow runs in this copy: what other tests have sent waits.
    assert found["lag", "telemetry readings"] >= 0.0
