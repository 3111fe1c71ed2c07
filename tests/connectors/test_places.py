"""The store's own words on places, alerts and marks: only what was known at the time asked for, the worst first, never green unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import psycopg
import pytest

from connectors import commune as folder
from connectors.settings import ROOT
from connectors.timescale import reference
from connectors.timescale.known import Known
from connectors.timescale.places import Places, say
from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.words import DECIMALS, quantity
from models.places.ladder import ladder
from models.places.place import PlaceKind
from models.places.sentence import aged
from models.places.words import ago
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
WHOLE = folder.load(ROOT / "infra" / "commune")
COUNTING = {camera.id: camera for camera in WHOLE.cameras}
EXAMPLE = msgspec.structs.replace(WHOLE, cameras=[COUNTING["cho-quang-tho"], COUNTING["duong-la-van"]])
"""With two of its 41 cameras: how many there are is no matter of these rules."""
DAY = datetime.fromisoformat("2025-10-15T00:00:00+07:00")


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute))


@pytest.fixture(scope="module")
def empty(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "places") as admin:
        reference.load(admin, EXAMPLE)
        yield admin


@pytest.fixture
def store(empty: str) -> Iterator[psycopg.Connection]:
    """The store with a morning and a noon of the storm in it; all of it is gone afterwards."""
    with psycopg.connect(empty, options="-c search_path=phusa,public") as db:
        fill(db)
        yield db
        db.rollback()


def observe(
    db: psycopg.Connection, station: str, parameter: str, unit: str, rows: list[tuple[datetime, float, int]]
) -> None:
    with db.cursor() as cursor:
        cursor.executemany(
            "insert into observation values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (when, station, parameter, value, unit, flag, i, when)
                for i, (when, value, flag) in enumerate(rows)
            ],
        )


def alert(
    db: psycopg.Connection,
    kind: str,
    station: str,
    parameter: str,
    unit: str,
    rule: str,
    *steps: tuple[str, int, float],
) -> None:
    """An alert of these changes: time, level, value."""
    from connectors.timescale.alerts import insert_changes

    before, name = 0, f"{rule}:{station}:{parameter}:{steps[0][0]}"
    for seq, (clock, level, value) in enumerate(steps, 1):
        verb = (
            Change.RAISE
            if not before
            else Change.CLEAR
            if not level
            else Change.WORSE
            if level > before
            else Change.BETTER
        )
        insert_changes(
            db,
            [
                AlertChange(
                    v=1,
                    source="test",
                    seq=seq,
                    at=at(clock),
                    alert=name,
                    rule=rule,
                    kind=Kind(kind),
                    station=station,
                    parameter=parameter,
                    change=verb,
                    level=level,
                    previous=before,
                    value=value,
                    limit=0.0,
                    unit=unit,
                )
            ],
        )
        before = level


def fill(db: psycopg.Connection) -> None:
    # The river: 1 m until 08:00, then 60 cm an hour up to 5.2 m at 15:00, then down.
    river = [
        (
            at("00:00") + timedelta(minutes=5 * k),
            max(1.0, 1.0 + 0.6 * (min(k, 180) / 12 - 8)) - 0.3 * max(0, k - 180) / 12,
            1,
        )
        for k in range(240)
    ]
    observe(db, "phu-oc", "river_level", "m", river)
    observe(
        db,
        "bo-la-van",
        "dissolved_oxygen",
        "mg/L",
        [(at("00:00") + timedelta(minutes=5 * k), 6.5, 1) for k in range(240)],
    )
    # The other cage falls silent at 10:30.
    observe(
        db,
        "bo-phuoc-yen",
        "dissolved_oxygen",
        "mg/L",
        [(at("00:00") + timedelta(minutes=5 * k), 6.6, 1) for k in range(127)],
    )
    observe(
        db,
        "air-la-van-ha",
        "pm25",
        "ug/m3",
        [(at("00:00") + timedelta(minutes=5 * k), 20, 1) for k in range(240)],
    )
    for camera, zone in (("cho-quang-tho", "san-cho"), ("duong-la-van", "mat-duong")):
        observe(
            db,
            camera,
            f"people/{zone}",
            "people",
            [(at("00:00") + timedelta(minutes=k), 3, 1) for k in range(1200)],
        )
    alert(
        db,
        "river",
        "phu-oc",
        "river_level",
        "m",
        "river-phu-oc",
        ("09:00", 1, 1.6),
        ("11:30", 2, 3.1),
        ("14:00", 3, 4.6),
        ("19:30", 2, 3.9),
    )
    alert(db, "silent", "bo-phuoc-yen", "station", "s", "silent", ("11:00", 1, 1800.0))
    alert(db, "payment", "cho-quang-tho", "payment", "VND", "odd", ("10:00", 3, 60_410_000.0))
    alert(
        db,
        "crowd",
        "cho-quang-tho",
        "people/san-cho",
        "people",
        "crowd-cho-quang-tho-san-cho",
        ("07:00", 1, 14.0),
        ("09:30", 0, 5.0),
    )
    alert(db, "rain", "phu-oc", "rain_24h", "mm", "rain-24h", ("12:00", 1, 101.0))


def rows(db: psycopg.Connection, question: str, *values: object) -> list[dict[str, object]]:
    with db.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(question, values).fetchall()  # type: ignore[arg-type]


def test_before_any_datum_each_place_has_a_row_and_none_is_green(empty: str, secrets: dict[str, str]) -> None:
    with psycopg.connect(as_role(empty, secrets, "reader")) as db:
        places = rows(db, "select * from places_at(%s)", at("08:00"))
        assert rows(db, "select * from open_alerts_at(%s)", at("08:00")) == []
        assert {row["reached"] for row in rows(db, "select * from ladder_at('phu-oc', %s)", at("08:00"))} == {
            None
        }
    assert len(places) == 6
    assert {(place["state"], place["known"], place["value"]) for place in places} == {("silent", False, None)}
    assert all("chưa có tín hiệu" in str(place["vi"]) for place in places)


def test_the_worst_is_first_and_a_silent_cage_is_a_row(store: psycopg.Connection) -> None:
    say(store, EXAMPLE, at("13:00"))
    found = rows(store, "select * from places_at(%s)", at("13:04"))
    assert [(row["kind"], row["place"], row["state"]) for row in found][:2] == [
        ("gauge", "phu-oc", "warning"), ("cages", "bo-phuoc-yen", "silent"),
    ]  # fmt: skip
    assert len(found) == 6
    assert found[0]["vi"] == (
        "Sông Bồ tại Phú Ốc 4,00 m, trên BĐ2 1,00 m, lên 60 cm/giờ trong 1 giờ qua, tới BĐ3 khoảng 50 phút; "
        "mưa 24 giờ 101,0 mm: mưa rất to; đo 13:00, 4 phút trước"
    )
    assert (
        found[1]["vi"] == "Lồng cá Phước Yên MẤT TÍN HIỆU từ 10:30, số cuối 6,60 mg/L; đo 10:30, 2 giờ trước"
    )


def test_the_screen_and_the_page_say_the_same_words(store: psycopg.Connection) -> None:
    said = {one.place: aged(one, at("13:04")).vi for one in say(store, EXAMPLE, at("13:00"))}
    assert {
        row["place"]: row["vi"] for row in rows(store, "select * from places_at(%s)", at("13:04"))
    } == said


def test_nothing_later_than_the_time_is_told(store: psycopg.Connection) -> None:
    early = say(store, EXAMPLE, at("12:00"))
    say(store, EXAMPLE, at("15:00"))
    shown = rows(store, "select * from places_at(%s)", at("12:02"))
    assert {row["place"]: row["state"] for row in shown} == {one.place: one.state.value for one in early}
    assert all(
        row["at"] <= at("12:02") and (row["datum_at"] is None or row["datum_at"] <= at("12:02"))
        for row in shown
    )
    river = next(
        row for row in rows(store, "select * from open_alerts_at(%s)", at("12:00")) if row["kind"] == "river"
    )
    assert (river["level"], river["value"]) == (2, pytest.approx(3.4))
    assert (
        max(
            row["level"]
            for row in rows(store, "select * from ladder_at('phu-oc', %s) where reached", at("12:00"))
        )
        < 3.5
    )


def test_facts_are_the_same_whatever_comes_later(store: psycopg.Connection) -> None:
    store.execute("savepoint whole")
    whole = Known(EXAMPLE).facts(store, at("11:45"))
    store.execute("delete from observation where at > %s", [at("11:45")])
    store.execute("delete from alert_change where at > %s", [at("11:45")])
    assert Known(EXAMPLE).facts(store, at("11:45")) == whole


def test_said_twice_is_said_once(store: psycopg.Connection) -> None:
    places = Places(EXAMPLE)
    times = [at("10:00") + timedelta(minutes=5 * k) for k in range(24)]
    for moment in times:
        places.say(store, moment)
    first = rows(store, "select * from place_history order by kind, place, at")
    for moment in times:
        Places(EXAMPLE).say(store, moment)
    assert rows(store, "select * from place_history order by kind, place, at") == first
    silent = [row for row in first if row["place"] == "bo-phuoc-yen" and row["state"] == "silent"]
    assert len(silent) == 1, "what does not change is kept once"


def test_a_place_that_is_removed_has_no_row(store: psycopg.Connection) -> None:
    say(store, EXAMPLE, at("10:00"))
    fewer = msgspec.structs.replace(EXAMPLE, cameras=EXAMPLE.cameras[:1])
    say(store, fewer, at("10:05"))
    assert rows(store, "select place from place_state where kind = 'zone'") == [
        {"place": "cho-quang-tho/san-cho"}
    ]


def test_a_platform_that_stands_still_is_said_and_never_green(store: psycopg.Connection) -> None:
    say(store, EXAMPLE, at("10:00"))
    found = rows(store, "select * from places_at(%s)", at("10:11"))
    assert {(row["state"], row["known"], row["value"]) for row in found} == {("silent", False, None)}
    assert all(
        str(row["vi"]).startswith("Hệ thống đứng yên từ 10:00, không rõ hiện nay; lần cuối: ")
        for row in found
    )
    assert {row["state"] for row in rows(store, "select * from places_at(%s)", at("10:09"))} != {"silent"}


def test_an_open_alert_has_the_time_and_the_value_of_its_present_level(store: psycopg.Connection) -> None:
    river = next(
        row for row in rows(store, "select * from open_alerts_at(%s)", at("14:30")) if row["kind"] == "river"
    )
    assert (river["level_vi"], river["since"], river["first_since"], river["value_vi"]) == (
        "BĐ3",
        at("14:00"),
        at("09:00"),
        "4,90 m",
    )
    later = next(
        row for row in rows(store, "select * from open_alerts_at(%s)", at("19:45")) if row["kind"] == "river"
    )
    assert (later["level_vi"], later["since"]) == ("BĐ2", at("19:30"))


def test_alerts_are_told_worst_first_over_kinds_and_a_payment_last(store: psycopg.Connection) -> None:
    found = rows(store, "select * from open_alerts_at(%s)", at("14:30"))
    assert [(row["kind"], row["state"]) for row in found] == [
        ("river", "danger"), ("silent", "silent"), ("rain", "watch"), ("payment", "danger"),
    ]  # fmt: skip
    assert [row["rank"] for row in found] == sorted(row["rank"] for row in found)
    early = rows(store, "select * from open_alerts_at(%s)", at("10:15"))
    assert [row["kind"] for row in early] == ["river", "payment"], (
        "the river's first level stands above any payment"
    )


def test_a_camera_and_a_merchant_of_one_id_are_two_rows_of_two_names(store: psycopg.Connection) -> None:
    alert(
        store,
        "crowd",
        "cho-quang-tho",
        "people/san-cho",
        "people",
        "crowd-cho-quang-tho-san-cho",
        ("10:30", 1, 14.0),
    )
    found = rows(
        store,
        "select kind, name, value_vi, parameter_vi from open_alerts_at(%s) where place = 'cho-quang-tho'",
        at("11:00"),
    )
    assert found == [
        {"kind": "crowd", "name": "Camera chợ Quảng Thọ", "value_vi": "3 người", "parameter_vi": "Sân chợ"},
        {
            "kind": "payment",
            "name": "Ban quản lý chợ Quảng Thọ",
            "value_vi": "60.410.000 đ",
            "parameter_vi": "khoản tiền",
        },
    ]


def test_what_is_silent_tells_how_long(store: psycopg.Connection) -> None:
    silent = next(
        row for row in rows(store, "select * from open_alerts_at(%s)", at("14:00")) if row["kind"] == "silent"
    )
    assert (silent["value_vi"], silent["level_vi"], silent["parameter_vi"], silent["state"]) == (
        "3 giờ",
        "mất tín hiệu",
        "cả trạm",
        "silent",
    )


def test_who_was_told_and_who_received_it(store: psycopg.Connection) -> None:
    name = "river-phu-oc:phu-oc:river_level:09:00"
    for i, (contact, state, seq) in enumerate(
        [
            ("head-la-van-ha", "delivered", 1),
            ("head-luong-co", "sent", 2),
            ("head-niem-pho", "refused", 2),
            ("head-phuoc-yen", "delivered", 3),
        ]
    ):
        store.execute(
            """
            insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data,
              state, shown, seqs) values (%s, %s, %s, %s, 'river', 1, '{sms}', 'sms', '', '', '{}', %s, %s, %s)
            """,
            [f"n{i}", name, seq, contact, state, [name], [seq]],
        )
    river = next(
        row for row in rows(store, "select * from open_alerts_at(%s)", at("12:00")) if row["kind"] == "river"
    )
    assert (river["told"], river["arrived"]) == (2, 1), "what was told of a later change is of the future"
    assert river["told_vi"] == "Trưởng thôn La Vân Hạ, Trưởng thôn Lương Cổ"
    assert river["answered_vi"] == "chưa ai trả lời; hỏng 1"


def test_who_answered_is_said_of_the_alert(store: psycopg.Connection) -> None:
    store.execute(
        "insert into event (id, place, opened_at, risen_at, level, peak_level) values ('water:x@1', 'water:x', %s, %s, 1, 1)",
        [at("09:00"), at("09:00")],
    )
    store.execute("update alert set event = 'water:x@1' where kind = 'river'")
    name = "river-phu-oc:phu-oc:river_level:09:00"
    store.execute(
        """
        insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data,
          state, shown, seqs) values ('n', %s, 1, 'head-la-van-ha', 'river', 1, '{sms}', 'sms', '', '', '{}', 'delivered', %s, '{1}')
        """,
        [name, [name]],
    )
    store.execute(
        "insert into answer (key, at, way, contact, event, kind) values ('sms:1', %s, 'sms', 'head-la-van-ha', 'water:x@1', 'taken')",
        [at("11:02")],
    )
    said = [
        next(
            row["answered_vi"]
            for row in rows(store, "select * from open_alerts_at(%s)", at(time))
            if row["kind"] == "river"
        )
        for time in ("11:00", "12:00")
    ]

    assert said == ["chưa ai trả lời", "Trưởng thôn La Vân Hạ đi lúc 11:02"], (
        "what is said later is of the future"
    )


def test_the_ladder_is_the_same_in_the_store_and_in_the_house(store: psycopg.Connection) -> None:
    found = rows(store, "select * from ladder_at('phu-oc', %s)", at("13:00"))
    value = found[0]["value"]
    assert value == pytest.approx(4.0)
    told = [
        (row["level"], row["vi"], row["en"], row["kind"], row["source"], row["reached"], row["distance_m"])
        for row in found
    ]
    assert told == [
        (one.level, *one.name, one.kind, one.source, one.reached, pytest.approx(one.distance_m))
        for one in ladder("phu-oc", value, EXAMPLE)
    ]


def test_a_silent_gauge_reaches_nothing_that_is_known(store: psycopg.Connection) -> None:
    found = rows(store, "select * from ladder_at('phu-oc', %s)", at("21:00"))
    assert {(row["reached"], row["distance_m"]) for row in found} == {(None, None)}
    assert found[0]["datum_at"] == at("19:55")


DOUBTS: dict[str, tuple[int, tuple[str, str] | None, bool]] = {
    "good and nothing is said against it": (1, None, True),
    "the last hour is suspect": (3, None, False),
    "the newest reading failed": (4, None, False),
    "the newest reading is missing": (9, None, False),
    "the sensor is not trusted": (1, ("untrusted", "river_level"), False),
    "the sensor stands frozen": (1, ("frozen", "river_level"), False),
    "the station's clock is wrong": (1, ("clock", "station"), False),
    "the station's signal was lost": (1, ("silent", "station"), False),
    "another sensor of the station is not trusted": (1, ("untrusted", "rain"), True),
}


@pytest.mark.parametrize(("flag", "against", "known"), DOUBTS.values(), ids=DOUBTS.keys())
def test_a_gauge_that_is_not_trusted_neither_reaches_a_mark_nor_stays_below_it(
    store: psycopg.Connection, flag: int, against: tuple[str, str] | None, known: bool
) -> None:
    since = "12:05" if flag == 3 else "13:00"
    store.execute(
        "update observation set flag = %s where station = 'phu-oc' and parameter = 'river_level' and at between %s and %s",
        [flag, at(since), at("13:00")],
    )
    if against is not None:
        kind, parameter = against
        alert(store, kind, "phu-oc", parameter, "s", kind, ("12:30", 1, 600.0), ("13:30", 0, 0.0))

    reached = {row["reached"] for row in rows(store, "select * from ladder_at('phu-oc', %s)", at("13:01"))}
    assert reached == ({True, False} if known else {None})
    # What comes later, a good reading or the end of the alert, is not known before, and then it is.
    assert {row["reached"] for row in rows(store, "select * from ladder_at('phu-oc', %s)", at("13:40"))} == {
        True,
        False,
    }


@pytest.mark.parametrize("seconds", [-3600, -30, 0, 59, 60, 240, 7199, 7200, 86_400, 172_800, 400 * 86_400])
def test_ages_are_the_same_in_the_store_and_in_the_house(store: psycopg.Connection, seconds: int) -> None:
    when = at("12:00") - timedelta(seconds=seconds)
    assert rows(store, "select ago(%s, %s) as vi", when, at("12:00")) == [{"vi": ago(when, at("12:00")).vi}]


@pytest.mark.parametrize(
    "unit", [*sorted(set(DECIMALS) - {"s"}), "VND", "parsec"]
)  # seconds are written as a span
def test_values_are_written_the_same_in_the_store_and_in_the_house(
    store: psycopg.Connection, unit: str
) -> None:
    for value in (0.0, 3.4262, -0.6, 1234.567, 60_410_000.0, -0.001):
        assert rows(store, "select value_vi(%s, %s) as vi", value, unit) == [
            {"vi": quantity(value, unit, "vi")}
        ], (value, unit)


def test_every_kind_state_and_unit_of_the_house_is_in_the_store(store: psycopg.Connection) -> None:
    assert {row["code"] for row in rows(store, "select code from alert_kind")} == {one.value for one in Kind}
    assert len(rows(store, "select code from state")) == 7
    assert {row["kind"] for row in rows(store, "select kind from place_name")} <= {
        one.value for one in PlaceKind
    }


def test_a_look_is_answered_from_indexes_not_from_all_days(store: psycopg.Connection) -> None:
    """Of years of days only the last two are opened, and a sensor that never spoke is not looked for again within the hour."""
    known = Known(EXAMPLE)
    known.facts(store, at("12:00"))
    asked: list[object] = []
    ask = known._ask
    known._ask = lambda *given: asked.append(given[1]) or ask(*given)  # type: ignore[method-assign, func-returns-value]
    known.facts(store, at("12:10"))
    assert len(asked) == 1
    known.facts(store, at("13:30"))
    assert len(asked) == 3
