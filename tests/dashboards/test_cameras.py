"""The screen of the cameras: buckets that keep the most, lanes that end with the last count, pictures to see or words for none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from connectors.timescale import reference
from connectors.timescale.places import say
from dashboards import look
from models.catalogue.analytics import ZoneKind
from models.catalogue.states import STATES, State
from tests.dashboards.seeded import EXAMPLE, ZONES, clock, every, observe
from tests.dashboards.windows import MADE, answer, expand, target, variable
from tests.store import as_role, empty_store

STATES_PANEL, PEOPLE = "Tình trạng từng vùng theo thời gian", "Số người theo vùng, đông nhất của mỗi quãng"
CAMERA, ZONE = next(
    (camera.id, zone.id) for camera in EXAMPLE.cameras for zone in camera.zones if zone.kind is ZoneKind.CROWD
)
NAME = next(
    zone.name for camera in EXAMPLE.cameras for zone in camera.zones if (camera.id, zone.id) == (CAMERA, ZONE)
)
MOST = 41.0


@pytest.fixture(scope="module")
def reader(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """Six hours of a count each ten seconds that end at 12:00, one crowd among them; the other camera has never spoken."""
    with empty_store(server_dsn, secrets, "screen_cameras") as admin:
        reference.load(admin, EXAMPLE)
        own = as_role(admin, secrets, "writer")
        times = every(clock("06:00"), clock("12:00"), 1 / 6)
        counts = [
            (at, MOST if at == clock("09:07") else 3.0, 1)
            for at in times
            if not clock("10:00") < at < clock("10:30")
        ]
        observe(own, CAMERA, f"people/{ZONE}", "people", counts)
        with psycopg.connect(own) as connection:
            connection.execute(
                "insert into snapshot (alert, seq, at, camera, people, jpeg) values ('a', 1, %s, %s, 41, %s)",
                [clock("09:07"), CAMERA, b"\xff\xd8\xff picture"],
            )
        for at in every(clock("06:00"), clock("15:00"), 15):
            say(own, EXAMPLE, at)
        yield as_role(admin, secrets, "reader")


@pytest.mark.integration
def test_a_day_of_counts_is_some_hundred_rows_and_the_crowd_is_among_them(reader: str) -> None:
    query = target("cameras", PEOPLE).replace("$__interval_ms", "120000")
    rows = answer(reader, expand(query, clock("00:00"), clock("23:59")))

    assert len(rows) <= 24 * 30 * len({row["metric"] for row in rows})
    assert max(row["value"] for row in rows if row["value"] is not None) == MOST


@pytest.mark.integration
def test_a_zone_that_cannot_be_counted_has_no_number(reader: str) -> None:
    query = target("cameras", "Từng vùng bây giờ")
    rows = {row["Vùng"]: row for row in answer(reader, expand(query, clock("00:00"), clock("12:00")))}

    assert len(rows) == len(ZONES)
    silent = [row for row in rows.values() if row["Hình"] == "chưa lần nào"]
    assert len(silent) == len(ZONES) - 1
    assert {row["Bây giờ"] for row in silent} == {"không rõ"}
    assert {row["Tình trạng"] for row in silent} == {"chưa có hình"}


@pytest.mark.integration
def test_a_lane_of_states_ends_with_the_last_count_and_not_now(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", STATES_PANEL), clock("00:00"), clock("12:10")))
    own = [row for row in rows if NAME in row["metric"]]

    assert own[-1]["value"] == look.ENDED
    assert own[-1]["time"] <= clock("12:00") + timedelta(seconds=1)


@pytest.mark.integration
def test_a_lane_that_is_not_known_is_painted_as_such_until_the_platform_last_said_so(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", STATES_PANEL), clock("00:00"), clock("20:00")))
    own = [row for row in rows if NAME in row["metric"]]

    assert own[-2]["value"] == STATES[State.SILENT].rank
    assert own[-1]["value"] == look.ENDED
    assert own[-1]["time"] <= clock("15:00") + timedelta(seconds=1)


def test_every_state_has_its_word_and_colour_in_the_lanes() -> None:
    panel = next(one for one in MADE["cameras"]["panels"] if one["title"] == STATES_PANEL)
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]

    assert set(mapping["options"]) == {str(state.rank) for state in STATES.values()} | {str(look.ENDED)}
    assert all(STATES[state].vi in mapping["options"][str(STATES[state].rank)]["text"] for state in STATES)


@pytest.mark.integration
def test_a_picture_fills_its_place_and_a_camera_without_one_says_so(reader: str) -> None:
    (row,) = answer(reader, expand(variable("cameras", "cameras_last"), clock("00:00"), clock("12:00")))

    assert row["hinh"].count("<img ") == 1
    assert 'src="data:image/jpeg;base64,' in row["hinh"]
    assert "width:100%" in row["hinh"]
    assert f"{len(EXAMPLE.cameras) - 1} camera chưa có ảnh" in row["hinh"]
    assert "2 giờ trước" in row["hinh"]


@pytest.mark.integration
def test_before_the_crowd_there_is_no_picture_of_it(reader: str) -> None:
    (row,) = answer(reader, expand(variable("cameras", "cameras_last"), clock("00:00"), clock("09:00")))

    assert "<img " not in row["hinh"]
