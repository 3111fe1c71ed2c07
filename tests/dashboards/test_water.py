"""Water on the cameras screen and the wall: what is known beside the gauge, what is not known as such, 41 cameras without filling the wall."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.page.store import Source
from connectors.timescale import reference
from dashboards import style, water
from models.catalogue.states import STATES, State
from tests.dashboards import water_day as day
from tests.dashboards.seeded import EXAMPLE, clock
from tests.dashboards.windows import MADE, answer, expand, target, variable
from tests.store import as_role, empty_store

LANES = "Nước trong vùng theo thời gian: khô, ướt, ngập, không rõ"
SHARE = "Phần vùng ngập nước (%) cạnh mực nước sông (m, trục phải)"
PACE, HEALTH = "Nhìn mỗi camera bao lâu một lần", "Camera nào không thấy, vì sao, từ lúc nào"
FROM = clock("00:00")
NAMES = {camera.id: camera.name for camera in EXAMPLE.cameras}
BLIND = f"{STATES[State.BLIND].shape} {STATES[State.BLIND].vi}"


@pytest.fixture(scope="module")
def reader(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "screen_water") as admin:
        reference.load(admin, EXAMPLE)
        day.put(admin, as_role(admin, secrets, "writer"))
        yield as_role(admin, secrets, "reader")


def lanes(reader: str, until: str = "12:00", **chosen: str) -> dict[str, list[tuple[str, float]]]:
    """By lane, (hour, value) of each change."""
    found: dict[str, list[tuple[str, float]]] = {}
    rows = answer(reader, expand(target("cameras", LANES), FROM, clock(until), **chosen))
    for row in rows:
        local = row["time"].astimezone(FROM.tzinfo)
        found.setdefault(row["metric"], []).append((f"{local:%H:%M}", row["value"]))
    return found


def of(reader: str, which: tuple[str, str], until: str = "12:00") -> list[tuple[str, float]]:
    return next(lane for name, lane in lanes(reader, until).items() if name.endswith(NAMES[which[0]]))


@pytest.mark.integration
def test_a_road_that_floods_is_dry_then_wet_then_flooded(reader: str) -> None:
    values = [value for _at, value in of(reader, day.FLOODED, "12:10")]

    assert values == [water.DRY, water.WET_ROAD, water.FLOODED, water.ENDED]


@pytest.mark.integration
def test_what_is_not_known_is_painted_as_such_and_never_as_dry(reader: str) -> None:
    assert of(reader, day.DARK)[:2] == [("06:00", water.DRY), ("08:00", water.UNKNOWN)]
    assert of(reader, day.BLIND)[:2] == [("06:00", water.DRY), ("10:00", water.UNKNOWN)]


@pytest.mark.integration
def test_a_camera_that_sends_no_more_is_not_known_after_its_patience(reader: str) -> None:
    patience = next(camera.silent_after_s for camera in EXAMPLE.cameras if camera.id == day.DRY[0])
    last = (day.ENDED + timedelta(seconds=patience)).astimezone(FROM.tzinfo)

    assert of(reader, day.DRY, "14:00")[-1] == (f"{last:%H:%M}", water.UNKNOWN)


@pytest.mark.integration
def test_cameras_that_nobody_taught_have_one_lane_and_its_own_word(reader: str) -> None:
    (lane,) = [name for name in lanes(reader) if "chưa dạy" in name]

    assert lane == f"{len(day.UNTAUGHT)} camera chưa dạy"
    assert {value for _at, value in lanes(reader)[lane]} == {water.UNTAUGHT}


def test_every_state_of_a_lane_has_a_word_and_only_a_flood_has_the_colour_of_a_state() -> None:
    panel = next(one for one in MADE["cameras"]["panels"] if one["title"] == LANES)
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
    known = {row.colour for row in STATES.values() if row.known}

    assert set(mapping["options"]) == {str(code) for code in water.LANES}
    coloured = {code for code, one in mapping["options"].items() if one["color"] in known}
    assert coloured == {str(water.FLOODED)}
    assert "green" not in json.dumps(panel)


@pytest.mark.integration
def test_the_share_stands_beside_the_gauge_and_the_untaught_have_no_line(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", SHARE), FROM, day.ENDED))
    gauge = answer(reader, expand(target("cameras", SHARE, "D"), FROM, day.ENDED))
    untaught = {NAMES[camera] for camera, _zone in day.UNTAUGHT}

    assert max(row["value"] for row in rows if row["value"] is not None) == 85
    assert not any(row["metric"].rstrip("\u200b").endswith(tuple(untaught)) for row in rows)
    assert all(re.match(water.GAUGE.strip("/"), row["metric"]) for row in gauge)
    assert max(row["value"] for row in gauge) == 4


@pytest.mark.integration
def test_where_a_share_is_not_known_the_line_has_a_gap_and_not_a_zero(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", SHARE), FROM, day.ENDED, camera=day.DARK[0]))

    assert {row["value"] for row in rows if row["time"] < clock("08:00")} == {3.0}
    assert {row["value"] for row in rows if row["time"] >= clock("08:00")} == {None}


@pytest.mark.integration
def test_each_zone_says_its_water_how_sure_and_who_was_not_taught(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", "Từng vùng bây giờ"), FROM, day.ENDED))
    by = {camera: next(r for r in rows if r["Vùng"].startswith(NAMES[camera])) for camera, _zone in day.WATER}

    assert (by[day.FLOODED[0]]["Nước"], by[day.FLOODED[0]]["Độ tin"]) == ("ngập", "86 %")
    assert by[day.DRY[0]]["Nước"] == "khô"
    assert (by[day.DARK[0]]["Nước"], by[day.DARK[0]]["Bây giờ"]) == ("không rõ", "không rõ")
    assert (by[day.BLIND[0]]["Nước"], by[day.BLIND[0]]["Tình trạng"]) == ("không rõ", BLIND)
    for camera, _zone in day.UNTAUGHT:
        assert (by[camera]["Nước"], by[camera]["Tình trạng"]) == ("chưa dạy", "chưa dạy")
    # The board stands at its warning too.
    assert {row["Vùng"].partition(", ")[0] for row in rows[:2]} == {
        NAMES[day.FLOODED[0]],
        NAMES[day.BOARD[0]],
    }


@pytest.mark.integration
def test_above_all_stands_that_the_machine_does_not_hold_all(reader: str) -> None:
    (row,) = answer(reader, expand(variable("cameras", "cameras_top"), FROM, day.ENDED))

    assert "Máy không đủ sức" in row["html"]
    assert f"{day.PACED} camera được nhìn thưa hơn, thưa nhất 60 giây" in row["html"]
    assert f"{len(day.UNTAUGHT)} chưa dạy" in row["html"]
    (later,) = answer(reader, expand(variable("cameras", "cameras_top"), FROM, clock("13:00")))
    assert "không rõ bây giờ máy có đủ sức không" in later["html"]


@pytest.mark.integration
def test_the_cameras_that_are_looked_at_less_than_they_send_stand_first(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", PACE), FROM, day.ENDED))

    assert len(rows) == len(EXAMPLE.cameras)
    assert [row["Đủ không"] for row in rows[: day.PACED]] == ["thưa hơn gửi"] * day.PACED
    assert {row["Đủ không"] for row in rows[day.PACED :]} == {"đủ"}
    assert (rows[0]["Nhìn mỗi"], rows[0]["Gửi mỗi"]) == ("60 giây", "10 giây")


@pytest.mark.integration
def test_a_blind_camera_says_why_and_since_when_and_the_others_are_counted(reader: str) -> None:
    rows = answer(reader, expand(target("cameras", HEALTH), FROM, day.ENDED))

    assert (rows[0]["Camera"], rows[0]["Tình trạng"], rows[0]["Từ lúc"]) == (
        NAMES[day.BLIND[0]],
        BLIND,
        "10:00",
    )
    assert "ống kính bị che" in rows[0]["Vì sao"]
    counted = {row["Tình trạng"]: int(row["Camera"].split()[0]) for row in rows[1:]}
    assert sum(counted.values()) == len(EXAMPLE.cameras) - 1
    assert counted["đang thấy"] == len(day.WATER)  # the blind one less, the board more


@pytest.mark.integration
def test_pictures_have_their_caption_the_worst_first(reader: str) -> None:
    (row,) = answer(reader, expand(variable("cameras", "cameras_last"), FROM, day.ENDED))
    names = re.findall(r'alt="([^"]*)"', row["hinh"])

    assert names[0] == NAMES[day.FLOODED[0]]
    assert len(names) == 3
    assert "chưa dạy" in row["hinh"]
    assert f"{len(EXAMPLE.cameras) - 3} camera chưa có ảnh" in row["hinh"]


@pytest.mark.integration
def test_the_wall_has_one_line_for_all_that_nobody_taught(reader: str) -> None:
    (row,) = answer(reader, expand(variable("wall", "wall_places"), FROM, day.ENDED))

    assert f"? {len(day.UNTAUGHT)} camera chưa dạy" in row["html"]
    assert not any(NAMES[camera] in row["html"] for camera, _zone in day.UNTAUGHT)
    assert NAMES[day.FLOODED[0]] in row["html"]
    assert f"? 1 camera không rõ nước: {NAMES[day.DARK[0]]}" in row["html"]
    assert BLIND.split()[1] in row["html"]


@pytest.mark.integration
def test_the_wall_shows_the_picture_of_the_road_that_floods_and_none_of_the_untaught(reader: str) -> None:
    (row,) = answer(reader, expand(variable("wall", "wall_pictures"), FROM, day.ENDED))

    assert NAMES[day.FLOODED[0]] in row["html"]
    assert NAMES[day.UNTAUGHT[0][0]] not in row["html"]


@pytest.mark.integration
def test_the_page_knows_which_zones_are_told_in_one_line_and_the_newest_pictures(
    reader: str, request: pytest.FixtureRequest
) -> None:
    source = Source(reader, lambda: day.ENDED, [])
    request.addfinalizer(source.close)
    now = asyncio.run(source.now())

    assert now.trouble is None
    assert {place.camera for place in now.places if place.apart == "untaught"} == {
        one for one, _ in day.UNTAUGHT
    }
    assert {place.camera for place in now.places if place.apart == "unsure"} == {day.DARK[0]}
    assert {picture.camera for picture in now.pictures} == {day.FLOODED[0], day.DRY[0], day.UNTAUGHT[0][0]}
    assert (asyncio.run(source.newest(day.DRY[0])) or b"").startswith(b"\xff\xd8")
    assert asyncio.run(source.newest("another")) is None


def test_water_by_night_asks_for_somebody_and_is_never_calm() -> None:
    assert style.CALM not in {
        colour for word, colour in water.WORDS.items() if "cần xem" in word or "không rõ" in word
    }
