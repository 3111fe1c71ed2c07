"""The page over a real store: the simulator's storm day, of which the truth is known, at three moments; and a store that goes away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import psycopg
import pytest

from connectors import commune as files
from connectors.clock import VIETNAM
from connectors.page.application import application, known_commune
from connectors.page.store import Source, unread
from connectors.settings import ROOT, Settings
from connectors.timescale import reference
from connectors.timescale.places import Places
from infra.rehearsal.simulator import storm_day
from infra.rehearsal.simulator.truth import Curve
from models.catalogue.states import STATES, State
from models.commune.configuration import Average, Direction
from models.places.kinds import state_of
from models.places.listed import listed
from tests.connectors.page.chrome import Seen, chromium, served
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
FOLDER = ROOT / "infra" / "commune"
EXAMPLE = msgspec.structs.replace(files.load(FOLDER), cameras=[])
"""Without its 41 cameras: none of them sends anything on this day, and such zones are counted in a line, which test_application has."""
START = datetime(2026, 11, 25, tzinfo=VIETNAM)
MOMENTS = {
    name: START + timedelta(hours=hour, minutes=minute)
    for name, hour, minute in (("06:00", 6, 0), ("11:30", 11, 30), ("15:40", 15, 40))
}
DAY = storm_day.build(EXAMPLE, START)
RIVER = next(rule for rule in EXAMPLE.rules if rule.kind == "river")


def curve(station: str, parameter: str) -> Curve:
    return next(
        curve for curve in DAY.truth.curves if (curve.station, curve.parameter) == (station, parameter)
    )


def true_value(station: str, parameter: str, at: datetime) -> float:
    own = curve(station, parameter)
    return own.values[int((at - START).total_seconds() // own.step_s)]


def silent(station: str, parameter: str, at: datetime) -> bool:
    return any(
        (silence.station, silence.parameter) == (station, parameter) and silence.since < at < silence.until
        for silence in DAY.truth.silences
    )


def observations() -> Iterator[tuple[object, ...]]:
    """What the stations measured without noise, every step of the truth, and nothing while they were silent."""
    for own in DAY.truth.curves:
        for number, value in enumerate(own.values):
            at = START + timedelta(seconds=own.step_s * number)
            if not silent(own.station, own.parameter, at):
                yield at, own.station, own.parameter, value, own.unit, 1, number, at


def level_of(station: str, parameter: str, at: datetime) -> int:
    value, reached = true_value(station, parameter, at), [0]
    for rule in EXAMPLE.rules:
        if rule.parameter == parameter and station in rule.stations and rule.average is Average.NONE:
            below = rule.direction is Direction.BELOW
            reached += [
                level.level
                for level in rule.levels
                if (value <= level.raise_at if below else value >= level.raise_at)
            ]
    return max(reached)


@pytest.fixture(scope="module")
def store(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "page") as admin:
        reference.load(admin, EXAMPLE)
        with psycopg.connect(admin, options="-c search_path=phusa,public") as db, db.cursor() as cursor:
            cursor.executemany(
                "insert into observation (at, station, parameter, value, unit, flag, seq, received_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                list(observations()),
            )
            crossed = sorted(
                (crossing for crossing in DAY.truth.crossings if crossing.kind == "river"),
                key=lambda crossing: crossing.level,
            )
            cursor.execute(
                "insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, raised_at, changed_at) values ('r', %s, 'river', %s, %s, %s, %s, %s, 'm', %s, %s)",
                [
                    RIVER.id,
                    crossed[0].station,
                    "river_level",
                    crossed[-1].level,
                    crossed[-1].level,
                    crossed[-1].limit,
                    crossed[0].at,
                    crossed[-1].at,
                ],
            )
            for seq, one in enumerate(crossed):
                cursor.execute(
                    "insert into alert_change (alert, seq, at, change, level, previous, value, \"limit\") values ('r', %s, %s, 'raised', %s, %s, %s, %s)",
                    [seq, one.at, one.level, one.level - 1, one.limit, one.limit],
                )
        with psycopg.connect(admin, options="-c search_path=phusa,public", autocommit=True) as db:
            places, at = Places(EXAMPLE), START + timedelta(hours=5)
            while at <= MOMENTS["15:40"]:
                with db.transaction():
                    places.say(db, at)
                at += timedelta(minutes=10)
        yield admin


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(MOMENTS["06:00"])


@pytest.fixture(scope="module")
def source(store: str, secrets: dict[str, str], clock: Clock) -> Source:
    return Source(
        as_role(store, secrets, "reader"), clock, [unread(one) for one in listed(EXAMPLE)], fresh_s=0
    )


@pytest.fixture(scope="module")
def page(source: Source) -> Iterator[tuple[Seen, str]]:
    commune = known_commune(EXAMPLE, Settings(commune=FOLDER), START.date())
    with chromium() as browser, served(application(source, commune)) as address:
        seen = Seen(browser, 1920)
        yield seen, address
        seen.close()


def expected(at: datetime) -> dict[str, State]:
    """By the truth, of the stations whose limits are of the value itself."""
    found = {}
    for one in listed(EXAMPLE):
        if one.kind in ("gauge", "cages"):
            away = silent(one.place, one.main, at)
            found[one.place] = State.SILENT if away else state_of(level_of(one.place, one.main, at))
        elif one.camera is not None:
            found[one.place] = State.SILENT  # no frame of the day is in this store
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_day_is_told_as_it_was(moment: str, page: tuple[Seen, str], clock: Clock) -> None:
    seen, address = page
    clock.at = MOMENTS[moment]
    opened = seen.open(f"{address}/")
    told = opened.request.get(f"{address}/data.json").json()
    states = {one["place"]: State(one["state"]) for one in told["places"]}

    assert {place: states[place] for place in expected(clock.at)} == expected(clock.at)
    for one in told["places"]:
        item = opened.locator("li.place", has_text=one["vi"]).first
        assert STATES[State(one["state"])].vi in item.inner_text()
    level = true_value("phu-oc", "river_level", clock.at)
    assert (
        opened.locator(".ladder .water")
        .inner_text()
        .startswith(f"▬ Mực nước bây giờ {level:.2f}".replace(".", ","))
    )
    reached = [one.name for one in RIVER.levels if level >= one.raise_at]
    assert [
        name
        for name in (level.name for level in RIVER.levels)
        if opened.locator(".ladder .reached", has_text=name).count()
    ] == reached
    assert seen.errors == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_wall_tells_the_same_and_since_when(moment: str, page: tuple[Seen, str], clock: Clock) -> None:
    seen, address = page
    clock.at = MOMENTS[moment]
    opened = seen.open(f"{address}/wall")
    worst = min((STATES[one] for one in expected(clock.at).values()), key=lambda one: one.rank)

    assert opened.locator(".clock").inner_text() == moment
    assert opened.locator(f".sentences .edge-{worst.code}").count() >= 1
    crossed = [
        crossing for crossing in DAY.truth.crossings if crossing.kind == "river" and crossing.at <= clock.at
    ]
    alerts = opened.inner_text(".alerts")
    if crossed:
        newest = max(crossed, key=lambda one: one.level)
        assert (
            f"{newest.name}, {true_value('phu-oc', 'river_level', clock.at):.2f} m, từ {newest.at:%H:%M}".replace(
                ".", ","
            )
            in alerts
        )
    else:
        assert "Không có cảnh báo nào đang mở" in alerts
    assert seen.errors == []


def test_nothing_of_the_future_is_shown(page: tuple[Seen, str], clock: Clock) -> None:
    seen, address = page
    clock.at = MOMENTS["06:00"]
    told = seen.open(f"{address}/").request.get(f"{address}/data.json").json()

    assert all(
        one["datum_at"] is None or datetime.fromisoformat(one["datum_at"]) <= clock.at
        for one in told["places"]
    )
    assert "BĐ3" not in seen.open(f"{address}/wall").inner_text(".alerts")


def test_late_data_is_silent_with_its_last_words(page: tuple[Seen, str], clock: Clock) -> None:
    seen, address = page
    clock.at = MOMENTS["15:40"] + timedelta(hours=2)  # nobody has said anything since
    text = seen.open(f"{address}/").inner_text("main")

    assert "Không biết tình hình hiện tại" in text
    assert "bình thường" not in seen.page.inner_text("section.river .places")
    assert seen.page.request.get(f"{address}/health").status == 503


def test_a_store_that_stops_for_a_minute_is_told_and_known_again(
    page: tuple[Seen, str], source: Source, clock: Clock
) -> None:
    seen, address = page
    clock.at = MOMENTS["15:40"]
    assert "NGUY HIỂM" in seen.open(f"{address}/").inner_text("h1")
    good, source._dsn = source._dsn, "host=127.0.0.1 port=1 connect_timeout=1"
    source.close()
    away = seen.open(f"{address}/")
    assert "không đọc được cơ sở dữ liệu" in away.inner_text("h1")
    assert "lần cuối đọc được" in away.inner_text("main")
    assert away.locator(".badge.state-normal, .badge.state-danger").count() == 0
    source._dsn = good
    assert "NGUY HIỂM" in seen.open(f"{address}/").inner_text("h1")
    assert seen.errors == []


def test_a_removed_station_is_gone_and_its_open_alert_is_told(
    page: tuple[Seen, str], store: str, clock: Clock
) -> None:
    seen, address = page
    clock.at = MOMENTS["15:40"]
    fewer = msgspec.structs.replace(
        EXAMPLE,
        stations=[station for station in EXAMPLE.stations if station.id != "phu-oc"],
        marks=[],
        flood_places=[],
    )
    reference.load(store, fewer)
    try:
        text = seen.open(f"{address}/").inner_text("main")
        assert "Chưa có trạm đo mực nước nào" in text
        assert "phu-oc: mực nước" in seen.open(f"{address}/wall").inner_text(".alerts")
        assert seen.errors == []
    finally:
        reference.load(store, EXAMPLE)
