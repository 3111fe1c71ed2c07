"""What a person at the wall reads: the storm of an afternoon, with the value that is right."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from xml.etree import ElementTree

import cv2
import numpy as np
import psycopg
import pytest

from connectors import commune as folder
from connectors.page.store import Source
from connectors.settings import ROOT
from connectors.timescale import reference
from models.catalogue.states import STATES, State
from models.places.listed import listed
from models.places.place import PlaceKind
from tests.connectors.page.chrome import chromium
from tests.dashboards.windows import MADE, answer, expand, target, variable
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
EXAMPLE = folder.load(ROOT / "infra" / "commune")
HERE = timezone(timedelta(hours=7))
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
LIFE = target("messages", "Đời của từng cảnh báo")
WORDS = [one["name"] for one in MADE["wall"]["templating"]["list"]]
# What Grafana's text panel lets pass (9.2 to 12: js-xss and cssfilter with their lists, and flex).
TAGS = {"div", "span", "table", "tr", "td", "img"}
STYLES = {
    "background", "border", "border-radius", "color", "display", "flex-shrink", "font", "gap", "justify-content", "align-items", "margin",
    "margin-right", "max-height", "max-width", "padding", "text-align", "width",
}  # fmt: skip


def clock(text: str, day: int = 5) -> datetime:
    """A time of the storm's day, as it is written there."""
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 10, day, hour, minute, tzinfo=HERE)


class Filled:
    """A store that a test fills, and what the wall says of it."""

    def __init__(self, admin: str, reader: str) -> None:
        self.admin, self.reader = admin, reader

    def run(self, sql: str, *rows: tuple[object, ...]) -> None:
        with psycopg.connect(self.admin) as connection:
            for row in rows or ((),):
                connection.execute(sql.encode(), row)

    def said(self, name: str, until: datetime, **chosen: str) -> str:
        (row,) = answer(
            self.reader, expand(variable("wall", name), until - timedelta(hours=24), until, **chosen)
        )
        (text,) = row.values()
        assert isinstance(text, str)
        return text

    def place(self, kind: str, place: str, state: State, vi: str, at: datetime, level: int = 0) -> None:
        row = (place, kind, at, state, level, at, at, "", None, "", vi, vi)
        for table in ("place_state", "place_history"):
            self.run(
                f"insert into {table} (place, kind, at, state, level, since, datum_at, parameter, value, unit, vi, en) values ({', '.join(['%s'] * 12)})",
                row,
            )

    def alert(
        self,
        name: str,
        kind: str,
        station: str,
        parameter: str,
        unit: str,
        *changes: tuple[str, int, float],
        rule: str = "",
    ) -> None:
        first, worst = clock(changes[0][0]), max(change[1] for change in changes)
        self.run(
            "insert into alert values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, null)",
            (
                name,
                rule,
                kind,
                station,
                parameter,
                changes[-1][1],
                worst,
                changes[-1][2],
                unit,
                first,
                clock(changes[-1][0]),
            ),
        )
        before = 0
        for seq, (at, level, value) in enumerate(changes, 1):
            change = "raise" if not before else "worse" if level > before else "better"
            self.run(
                'insert into alert_change (alert, seq, at, change, level, previous, value, "limit") values (%s, %s, %s, %s, %s, %s, %s, 0)',
                (name, seq, clock(at), change, level, before, value),
            )
            before = level

    def level(self, *readings: tuple[str, float]) -> None:
        rows = [
            (clock(at), "phu-oc", "river_level", value, "m", 1, i, clock(at))
            for i, (at, value) in enumerate(readings)
        ]
        self.run("insert into observation values (%s, %s, %s, %s, %s, %s, %s, %s)", *rows)


@pytest.fixture(scope="module")
def base(server_dsn: str, secrets: dict[str, str]) -> Iterator[Filled]:
    with empty_store(server_dsn, secrets, "wall") as admin:
        reference.load(admin, EXAMPLE)
        yield Filled(
            psycopg.conninfo.make_conninfo(admin, options="-csearch_path=phusa,public"),
            as_role(admin, secrets, "reader"),
        )


@pytest.fixture
def store(base: Filled) -> Iterator[Filled]:
    yield base
    base.run("truncate place_state, place_history, alert, alert_change, notification cascade")
    base.run("truncate observation, derived, snapshot, camera_picture, flood")
    base.run("delete from event")
    base.run("delete from place_name where starts_with(place, 'nơi-')")


@pytest.fixture
def storm(store: Filled) -> Filled:
    """13:50 of the storm: the river above its third level since 13:20, a cage silent, a payment in doubt."""
    store.level(
        *(
            (f"{h:02}:{m:02}", 1.0 + (h - 9) * 0.6 + m / 100 if h >= 9 else 1.0)
            for h in range(6, 13)
            for m in range(0, 60, 10)
        )
    )
    store.level(("13:20", 4.6), ("13:45", 4.87), ("15:20", 5.07))
    store.alert(
        "river",
        "river",
        "phu-oc",
        "river_level",
        "m",
        ("09:35", 1, 1.6),
        ("11:25", 2, 3.1),
        ("13:20", 3, 4.6),
        ("15:20", 3, 5.07),
        rule="river-phu-oc",
    )
    store.alert("money", "payment", "cho", "payment", "VND", ("10:00", 3, 60_410_000.0))
    store.alert("silence", "silent", "bo-phuoc-yen", "station", "s", ("11:00", 1, 1800.0))
    store.place(
        "gauge",
        "phu-oc",
        State.DANGER,
        "Sông Bồ tại Phú Ốc 4,87 m, trên BĐ III 0,37 m; đo 13:45",
        clock("13:45"),
        3,
    )
    store.place("cages", "bo-phuoc-yen", State.SILENT, "Lồng cá Phước Yên im từ 10:30", clock("13:45"))
    for kind, place in (
        ("cages", "bo-la-van"),
        ("air", "air-la-van-ha"),
        ("zone", "cho-quang-tho/san-cho"),
        ("zone", "duong-la-van/mat-duong"),
    ):
        store.place(kind, place, State.NORMAL, f"{place} như thường", clock("13:45"))
    return store


def test_an_open_alert_is_told_with_its_present_level_since_and_value(storm: Filled) -> None:
    """It was "BĐ3, 4,6 m, từ 09:35"."""
    told = storm.said("wall_alerts", clock("13:50"))
    river = next(one for one in told.split("<tr ") if "Phú Ốc" in one)

    assert [one in river for one in ("BĐ3", "4,87", "từ\xa013:20")] == [True] * 3
    assert "09:35" not in told
    (row,) = [
        one
        for one in answer(
            storm.reader,
            expand(target("messages", "Cảnh báo đang mở", kind="table"), clock("00:00"), clock("13:50")),
        )
        if one["Nơi"] == "Phú Ốc"
    ]
    assert (row["Mức"], row["Từ lúc"], row["Mở từ"], row["Giá trị"]) == (
        "BĐ3",
        "13:20 05/10",
        "09:35 05/10",
        "4,87 m",
    )


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        pytest.param(["dissolved_oxygen"], "oxy hòa tan", id="one of four"),
        pytest.param(
            ["dissolved_oxygen", "ph", "turbidity", "conductivity"],
            "oxy hòa tan, pH, độ đục, …",
            id="more than three",
        ),
        pytest.param(
            ["dissolved_oxygen", "water_temperature", "ph", "turbidity"], "cả trạm", id="all of them"
        ),
        pytest.param(None, "cả trạm", id="nobody said"),
    ],
)
def test_a_station_is_called_silent_as_a_whole_only_where_it_is(
    storm: Filled, parameters: list[str] | None, said: str
) -> None:
    """Only dissolved oxygen was missing, and it said "cả trạm"."""
    storm.run("update alert_change set parameters = %s where alert = 'silence'", (parameters,))
    window = (clock("00:00"), clock("13:50"))
    (life,) = [
        one for one in answer(storm.reader, expand(LIFE, *window)) if one["Nơi"] == "Lồng cá Phước Yên"
    ]

    assert f"Lồng cá Phước Yên: {said}</td>" in storm.said("wall_alerts", clock("13:50"))
    assert life["Việc"] == said


def test_a_name_that_is_cut_says_so(storm: Filled) -> None:
    name = "Lồng cá của hợp tác xã Phước Yên"
    storm.run("update place_name set name = %s where place = 'bo-phuoc-yen'", (name,))
    try:
        (svg,) = pictures(storm.said("wall_map", clock("13:50")))
    finally:
        reference.load(storm.admin, EXAMPLE)

    assert f"{name[:24]}…</text>" in svg


def test_the_worst_stands_first_over_all_kinds(storm: Filled) -> None:
    """A payment of level 3 stood above the river's levels."""
    told = storm.said("wall_alerts", clock("10:30"))

    assert told.index("Phú Ốc") < told.index("60.410.000")


@pytest.mark.parametrize(("until", "count"), [("09:00", 0), ("09:40", 1), ("10:30", 2), ("13:50", 3)])
def test_a_figure_counts_what_its_list_shows(storm: Filled, until: str, count: int) -> None:
    """A figure of 3 stood beside a list of 5 under the same title."""
    listed = answer(
        storm.reader,
        expand(target("messages", "Cảnh báo đang mở", kind="table"), clock("00:00"), clock(until)),
    )
    (figure,) = answer(
        storm.reader,
        expand(target("messages", "Cảnh báo đang mở", kind="stat"), clock("00:00"), clock(until)),
    )

    assert figure == {"đang mở": count}
    assert len(listed) == count or (count == 0 and listed[0]["Nơi"] == "không có cảnh báo")


def test_a_camera_and_a_merchant_of_one_id_are_two_places(storm: Filled) -> None:
    """One id for both made 6 rows of 5 alerts."""
    storm.run("insert into merchant values ('phu-oc', 'Người thu', 'shop', 'la-van-ha')")
    try:
        listed = answer(
            storm.reader,
            expand(target("messages", "Cảnh báo đang mở", kind="table"), clock("00:00"), clock("13:50")),
        )
        marks = answer(
            storm.reader,
            expand(target("river", "Mực nước trong các dải báo động", "C"), clock("00:00"), clock("13:50")),
        )
    finally:
        storm.run("delete from merchant where code = 'phu-oc'")

    assert len(listed) == 3
    assert len(marks) == 3


@pytest.mark.parametrize("name", WORDS)
def test_a_window_to_noon_tells_nothing_of_later(storm: Filled, name: str) -> None:
    storm.run(
        "insert into flood values ('phu-oc', %s, %s, 5.07, %s, 0)",
        (clock("09:25"), clock("15:20"), clock("23:00")),
    )
    told = storm.said(name, clock("12:00"))

    for picture in pictures(told):
        told += picture
    assert [one for one in ("5,07", "4,87", "13:20", "15:20") if one in told] == []


def test_the_record_of_floods_knows_at_noon_the_peak_so_far(storm: Filled) -> None:
    storm.run(
        "insert into flood values ('phu-oc', %s, %s, 5.07, %s, 0)",
        (clock("09:25"), clock("15:20"), clock("23:00")),
    )

    (noon,) = answer(storm.reader, expand(target("river", "Sổ lũ"), clock("00:00"), clock("12:00")))
    (night,) = answer(storm.reader, expand(target("river", "Sổ lũ"), clock("00:00"), clock("23:30")))

    assert (noon["Đỉnh"], noon["Lúc đỉnh"], noon["Kết thúc"]) == ("2,80 m", "12:00 05/10", "chưa hết")
    assert (night["Đỉnh"], night["Lúc đỉnh"], night["Kết thúc"]) == ("5,07 m", "15:20 05/10", "23:00 05/10")


def test_the_rate_of_the_first_hour_reads_the_hour_before(store: Filled) -> None:
    """In a window from 13:00 the rise at 13:20 was 18 cm; it is 60."""
    store.level(*((f"{12 + m // 60}:{m % 60:02}", 2.0 + m / 100) for m in range(0, 85, 5)))
    rows = answer(
        store.reader, expand(target("river", "Nước lên, xuống trong 1 giờ"), clock("13:00"), clock("13:50"))
    )

    at = {row["time"].astimezone(HERE).strftime("%H:%M"): row for row in rows}
    assert at["13:20"]["value"] == pytest.approx(60)
    assert at["13:20"]["metric"] == "Phú Ốc · trong 1 giờ"
    assert all(row["time"] >= clock("13:00") for row in rows)


def test_less_than_an_hour_of_readings_says_nothing_of_an_hour(store: Filled) -> None:
    store.level(("13:30", 2.0), ("13:50", 2.2))

    assert (
        answer(
            store.reader,
            expand(target("river", "Nước lên, xuống trong 1 giờ"), clock("13:00"), clock("14:00")),
        )
        == []
    )


@pytest.mark.parametrize(
    ("name", "before", "now", "drawn"),
    [("rising", 2.0, 2.4, True), ("standing", 2.4, 2.4, False), ("falling 29 cm/h", 2.69, 2.4, False)],
)
def test_a_next_level_is_drawn_only_while_the_river_rises(
    store: Filled, name: str, before: float, now: float, *, drawn: bool
) -> None:
    store.level(*((f"12:{m:02}", before) for m in range(0, 60, 10)), ("13:00", now))
    for parameter, hours in (("river_next", 2.0), ("river_next_low", 1.0), ("river_next_high", 4.0)):
        store.run(
            "insert into derived values (%s, 'phu-oc', %s, %s, 'h', 1, 2)", (clock("13:00"), parameter, hours)
        )
    store.place("gauge", "phu-oc", State.WATCH, "Sông Bồ tại Phú Ốc 2,40 m", clock("13:00"))
    (sketch,) = pictures(store.said("wall_river", clock("13:02")))

    assert ('stroke-dasharray="8 7"' in sketch) == drawn, name


def test_marks_stand_on_the_graph_of_what_they_are_of(storm: Filled) -> None:
    """14 equal red marks stood on every graph."""
    storm.alert(
        "oxygen", "oxygen", "bo-la-van", "dissolved_oxygen", "mg/L", ("05:00", 2, 1.8), rule="oxygen-cages"
    )
    rows = answer(
        storm.reader,
        expand(target("river", "Mực nước trong các dải báo động", "C"), clock("00:00"), clock("14:00")),
    )

    assert [(row["metric"], row["value"]) for row in rows] == [
        ("báo ● BĐ1 lúc 09:35 05/10", 1.6),
        ("báo ▲ BĐ2 lúc 11:25 05/10", 3.1),
        ("báo ◆ BĐ3 lúc 13:20 05/10", 4.6),
    ]


def test_bands_stand_at_the_levels_of_the_configuration(storm: Filled) -> None:
    rows = answer(
        storm.reader,
        expand(target("river", "Mực nước trong các dải báo động", "B"), clock("00:00"), clock("12:00")),
    )
    (first, *_), heights = (
        {row["time"] for row in rows},
        [row["value"] for row in rows if row["time"] == min(row["time"] for row in rows)],
    )

    assert first
    assert heights[:3] == [1.5, 1.5, 1.5]
    assert [row["metric"] for row in rows[:4]] == ["dải 0 ○", "dải 1 ● BĐ1", "dải 2 ▲ BĐ2", "dải 3 ◆ BĐ3"]


def test_messages_are_told_by_the_time_of_what_they_tell_and_figure_and_list_agree(storm: Filled) -> None:
    """In a replay the figure counted by the clock on the wall, and said 0 above a list of refused ones."""
    states = ("delivered", "delivered", "refused", "doubt", "merged")
    for i, state in enumerate(states):
        storm.run(
            "insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, state, stage, price_vnd, reason)"
            " values (%s, 'river', 1, 'ai-do', 'river', 1, '{sms}', 'sms', 'tin', '', '{}', %s, %s, 450, 'từ chối (refused by the gateway)')",
            (f"n{i}", state, "merged" if state == "merged" else None),
        )
    listed = answer(storm.reader, expand(target("messages", "Tin nhắn"), clock("09:00"), clock("10:00")))
    figures = [
        answer(storm.reader, expand(target("messages", title), clock("09:00"), clock("10:00")))[0].popitem()[
            1
        ]
        for title in ("Tin đã nhận", "Tin chưa chắc đến nơi", "Tiền tin nhắn")
    ]

    assert sorted(one["Kết quả"] for one in listed) == sorted(
        ["đã nhận", "đã nhận", "BỊ TỪ CHỐI", "NGHI NGỜ", "gộp vào tin khác"]
    )
    assert {one["Lý do"] for one in listed} == {"từ chối"}
    assert figures == [2, 2, "2.250 đ"]


# --- calm, colours and sizes ------------------------------------------------------------------------------------------


def test_while_all_is_well_the_wall_is_grey(store: Filled) -> None:
    for kind, place in (
        ("gauge", "phu-oc"),
        ("cages", "bo-la-van"),
        ("cages", "bo-phuoc-yen"),
        ("air", "air-la-van-ha"),
        ("zone", "cho-quang-tho/san-cho"),
        ("zone", "duong-la-van/mat-duong"),
    ):
        store.place(kind, place, State.NORMAL, "như thường", clock("08:00"))
    store.level(("07:30", 1.0), ("08:00", 1.01))
    colours = {row.colour for row in STATES.values()}

    for name in WORDS:
        told = store.said(name, clock("08:01"))
        told += "".join(re.sub(r"<pattern.*?</pattern>", "", picture) for picture in pictures(told))
        assert {colour for colour in colours if colour in told} == set(), name
    assert "6\xa0bình\xa0thường" in store.said("wall_head", clock("08:01"))


def test_each_state_has_its_colour_its_shape_and_its_word_and_the_unknown_is_hatched(storm: Filled) -> None:
    told = storm.said("wall_places", clock("13:50"))
    danger, silent, normal, *_ = re.findall(r'<div style="margin.*?</div>', told)

    assert STATES[State.DANGER].colour in danger
    assert "◆ NGUY HIỂM" in danger
    assert "repeating-linear-gradient" in silent
    assert "✕ MẤT TÍN HIỆU" in silent
    assert "background" not in normal


def test_before_any_datum_and_after_the_platform_stood_still_nothing_is_calm(store: Filled) -> None:
    store.place("gauge", "phu-oc", State.NORMAL, "như thường", clock("09:00"))
    stations = sum(one.kind is not PlaceKind.ZONE for one in listed(EXAMPLE))

    for until in (clock("08:00"), clock("08:00", 6)):
        told = store.said("wall_head", until)
        assert f"{stations}\xa0{STATES[State.SILENT].vi}".replace(" ", "\xa0") in told
        assert f"{len(EXAMPLE.cameras)} camera chưa có hình" in store.said("wall_places", until)
        assert "bình" not in told
    assert "Hệ thống đứng yên từ 09:00" in store.said("wall_places", clock("08:00", 6))


def test_states_and_sentences_are_44_pixels_high_on_1080_lines(storm: Filled) -> None:
    # What has no room and is only counted is smaller, and grey.
    told = re.sub(
        r"font:500 1.3vw/1.15 sans-serif;color:#(?:9aa0a6|c4c4c4)",
        "",
        storm.said("wall_places", clock("13:50")),
    )
    (size,) = set(re.findall(r"font:\d+ ([\d.]+)vw", told))

    assert float(size) / 100 * 1920 >= 44


def test_the_head_tells_the_clock_and_the_oldest_datum(storm: Filled) -> None:
    told = storm.said("wall_head", clock("13:50"))

    assert "13:50" in told
    assert "05/10/2026" in told
    assert re.search("cũ nhất: [^<]+, 5 phút trước", told)


def test_sixty_places_leave_room_for_the_worst_and_count_the_others(store: Filled) -> None:
    for i in range(60):
        store.run(
            "insert into place_name values ('zone', %s, %s, '{}', null, null, null)",
            (f"nơi-{i:02}", f"Nơi {i}"),
        )
        store.place(
            "zone",
            f"nơi-{i:02}",
            State.DANGER if i == 42 else State.NORMAL,
            f"Nơi {i} có một câu dài vừa phải",
            clock("08:00"),
        )
    told = store.said("wall_places", clock("08:01"))

    assert told.count('<div style="margin') <= 12
    assert "Nơi 42 có" in told.split("</div>")[0]
    assert re.search(r"và \d+ nơi khác: .*\d+ bình thường", told)


def test_ten_thousand_open_alerts_are_counted_and_the_worst_are_told(storm: Filled) -> None:
    storm.run(
        "insert into alert select 'a' || i, 'r', 'crowd', 'x', 'p', 1, 1, 1, 'people', %s, %s, null from generate_series(1, 10000) i",
        (clock("08:00"), clock("08:00")),
    )
    storm.run(
        """insert into alert_change (alert, seq, at, change, level, previous, value, "limit") select 'a' || i, 1, %s, 'raise', 1, 0, 1, 0 from generate_series(1, 10000) i""",
        (clock("08:00"),),
    )
    told = storm.said("wall_alerts", clock("13:50"))

    assert "10003 cảnh báo đang mở" in told
    assert told.index("BĐ3") > 0
    assert told.count("<tr ") == 6


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_a_camera_concerned_shows_its_newest_picture_large_and_with_its_age(store: Filled) -> None:
    """It was 42 px high."""
    store.place("zone", "cho-quang-tho/san-cho", State.WARNING, "Sân chợ 34 người", clock("08:20"), 2)
    for seq, at in ((1, "08:05"), (2, "08:15"), (3, "08:40")):
        store.run(
            "insert into snapshot values ('crowd', %s, %s, 'cho-quang-tho', 34, %s, %s)",
            (seq, clock(at), JPEG + at.encode(), clock(at)),
        )
    told = store.said("wall_pictures", clock("08:22"))

    (shown,) = [base64.b64decode(one) for one in re.findall(r"data:image/jpeg;base64,([^\"]+)", told)]
    assert shown.endswith(b"08:15")
    assert "ảnh 08:15, 7 phút trước" in told
    (height,) = re.findall(r"max-height:([\d.]+)vw", told)
    assert float(height) / 100 * 1920 >= 150


def test_a_camera_that_is_blind_and_has_no_picture_says_so(store: Filled) -> None:
    store.place("zone", "cho-quang-tho/san-cho", State.BLIND, "không đếm được", clock("08:20"))
    told = store.said("wall_pictures", clock("08:22"))

    assert "⊘ MÙ" in told
    assert "chưa có ảnh" in told


# --- what fits --------------------------------------------------------------------------------------------------------

PANELS = {
    "wall_head": (1630, 51),
    "wall_places": (1080, 657),
    "wall_alerts": (1080, 240),
    "wall_pictures": (764, 240),
}
"""Width and height in pixels inside each panel of words, of 1920 x 1080 in kiosk mode (measured in Grafana 9)."""


def crowded(storm: Filled) -> None:
    """The worst that the head, the band, the list and the pictures have to hold at once."""
    for kind, place, state in (
        ("zone", "duong-tran/mat-duong", State.WARNING),
        ("zone", "ben-do-la-van-ha/mat-duong", State.BLIND),
        ("zone", "cong-phuoc-yen/mat-duong", State.WATCH),
        ("zone", "cho-phuoc-yen/san-cho", State.WARNING),
        ("zone", "ben-do-niem-pho/mat-duong", State.WARNING),
    ):
        storm.place(
            kind,
            place,
            state,
            "Đường tràn Phước Yên, Mặt đường: nước 72 %, sâu 22 cm, độ tin 0,8",
            clock("13:46"),
            2,
        )
    _, picture = cv2.imencode(".jpg", np.zeros((360, 640, 3), np.uint8))
    for camera in ("duong-tran", "cong-phuoc-yen", "cho-phuoc-yen", "ben-do-niem-pho"):
        storm.run(
            "insert into camera_picture (camera, at, jpeg, caption) values (%s, %s, %s, %s)",
            (camera, clock("13:40"), picture.tobytes(), "Mặt đường: nước 100 %, sâu 100 cm, độ tin 36 %"),
        )
    for name, place in (("water", EXAMPLE.flood_places[0].id), ("road", "Đường tràn Phước Yên")):
        storm.run(
            "insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values (%s, %s, %s, %s, 3, 3, false)",
            (name, f"water:{place}", clock("13:00"), clock("13:00")),
        )
        storm.run(
            "insert into event_step (event, key, at, level, step, vi, en) values (%s, 'n', %s, 3, 'nobody', %s, %s)",
            (
                name,
                clock("13:20"),
                "CHƯA AI NHẬN, không còn ai để gọi",
                "nobody goes, nobody is left to call",
            ),
        )
    for i, parameter in enumerate(("river_level", "rain_24h", "flood")):
        storm.alert(f"more{i}", "river", "phu-oc", parameter, "m", ("11:00", 2, 3.1), rule="river-phu-oc")


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans, Arial"])
@pytest.mark.parametrize("name", PANELS)
def test_on_a_crowded_day_all_that_is_said_fits_its_panel(storm: Filled, name: str, font: str) -> None:
    """Letters of DejaVu, which a bare Linux has, are a fifth wider: the head had lost its word, the list two of its six rows."""
    crowded(storm)
    told = storm.said(name, clock("13:50"))
    width, height = PANELS[name]
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.set_content(
            f'<body style="margin:0"><div id="panel" style="width:{width}px;height:{height}px;overflow:auto">'
            f"{told.replace('sans-serif', font)}</div>"
        )
        wide, high, across, down = page.evaluate(
            "(() => { const one = document.getElementById('panel');"
            " return [one.scrollWidth, one.scrollHeight, one.clientWidth, one.clientHeight] })()"
        )

    assert (wide, high) == (across, down), told


# --- what Grafana lets pass -------------------------------------------------------------------------------------------


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.styles: set[str] = set()
        self.sources: list[str] = []
        self.others: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "style":
                self.styles |= {
                    one.partition(":")[0].strip() for one in (value or "").split(";") if one.strip()
                }
            elif name == "src":
                self.sources.append(value or "")
            else:
                self.others.add(name)


@pytest.mark.parametrize("name", WORDS)
def test_what_is_written_passes_grafana_s_sanitiser_and_its_pictures_are_whole(
    storm: Filled, name: str
) -> None:
    storm.run(
        "insert into snapshot values ('crowd', 1, %s, 'cho-quang-tho', 34, %s, %s)",
        (clock("08:05"), JPEG, clock("08:05")),
    )
    storm.run("update place_history set state = 'warning' where kind = 'zone'")
    told = storm.said(name, clock("13:50"))
    seen = _Seen()
    seen.feed(told)

    assert seen.tags <= TAGS
    assert seen.styles <= STYLES
    assert seen.others <= {"alt"}
    assert all(source.startswith("data:image/") for source in seen.sources)
    for picture in pictures(told):
        assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314 (our own)


@pytest.mark.parametrize("name", WORDS)
def test_a_name_with_markup_is_shown_and_not_obeyed(storm: Filled, name: str) -> None:
    storm.run("update place_history set vi = %s", ("<script>a</script> & 'b'",))
    storm.run("update place_name set name = %s", ("<b>x</b> & y",))
    try:
        told = storm.said(name, clock("13:50"))
    finally:
        reference.load(storm.admin, EXAMPLE)

    assert "<script" not in told
    assert "<b>" not in told
    for picture in pictures(told):
        assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314 (our own)


def pictures(told: str) -> list[str]:
    """The drawings in what was written."""
    return [
        base64.b64decode(one).decode() for one in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", told)
    ]


def test_times_are_those_of_the_commune() -> None:
    assert clock("13:50").astimezone(UTC).hour == 6


def test_a_station_of_rain_alone_does_not_take_the_river_off(
    store: Filled, request: pytest.FixtureRequest
) -> None:
    """It is a gauge, the worst of all, and no river: the sketch and the page keep that of Phú Ốc."""
    store.run(
        "insert into place_name (kind, place, name, hamlets) values ('gauge', 'nơi-mưa', 'Trạm mưa', '{}')"
    )
    store.run(
        "insert into station_parameter (station, parameter, unit, low, high, interval_s, silent_after_s) values ('nơi-mưa', 'rain', 'mm', 0, 500, 600, 1800)"
    )
    request.addfinalizer(lambda: store.run("delete from station_parameter where station = 'nơi-mưa'"))
    store.level(*((f"{h:02}:{m:02}", 2.0) for h in range(6, 13) for m in range(0, 60, 10)))
    store.place("gauge", "phu-oc", State.WATCH, "Sông Bồ tại Phú Ốc 2,00 m", clock("12:50"), 1)
    store.place("gauge", "nơi-mưa", State.DANGER, "Trạm mưa 120 mm", clock("12:50"), 3)

    assert 'alt="Sông Bồ tại Phú Ốc 2,00 m' in store.said("wall_river", clock("12:52"))

    source = Source(store.reader, lambda: clock("12:52"), [])
    request.addfinalizer(source.close)
    now = asyncio.run(source.now())
    assert now.trouble is None
    assert now.places[0].place == "nơi-mưa"
    assert [(river.place, river.points[-1].value) for river in now.rivers] == [("phu-oc", 2.0)]
