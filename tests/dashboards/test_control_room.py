"""The screen: generated, in Vietnamese, its SQL runs and gives each panel the columns it draws."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from connectors.timescale.reference import load
from connectors.timescale.sink import ObservationWriter
from dashboards.__main__ import FOLDER, SCREENS
from infra.migrations.runner import Capability
from models.telemetry.judge import judge
from models.telemetry.sensor import plan
from tests.builders import START_MS, at, batch, commune, payload
from tests.store import as_role, empty_store

MADE: dict[str, dict[str, Any]] = {name: json.loads(to_json()) for name, to_json in SCREENS.items()}
SCREEN = MADE["control_room"]
PANELS: dict[str, dict[str, Any]] = {
    panel["title"]: panel for screen in MADE.values() for panel in screen["panels"]
}
VIETNAMESE = re.compile(r"[À-ỹĐđ]")
SPAN = (at(START_MS - 3_600_000), at(START_MS + 3_600_000))


@pytest.mark.parametrize("name", SCREENS)
def test_the_json_in_the_repository_is_what_the_code_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == SCREENS[name]()


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_speaks_vietnamese_and_says_when_it_has_no_data(title: str) -> None:
    panel = PANELS[title]

    assert VIETNAMESE.search(title) or title.startswith("PM2.5")
    assert panel["description"]
    assert VIETNAMESE.search(panel["fieldConfig"]["defaults"]["noValue"])


@pytest.mark.parametrize("name", SCREENS)
def test_panels_do_not_overlap_and_fill_the_width(name: str) -> None:
    places = [panel["gridPos"] for panel in MADE[name]["panels"]]
    cells = [
        (x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])
    ]

    assert len(cells) == len(set(cells))
    assert {x for x, _y in cells} == set(range(24))


def expand(query: str) -> str:
    """Grafana's macros as its PostgreSQL source expands them."""
    start, end = (f"'{one:%Y-%m-%dT%H:%M:%SZ}'" for one in SPAN)
    query = re.sub(r"\$__timeFilter\(([^)]+)\)", rf"\1 BETWEEN {start} AND {end}", query)
    query = re.sub(r"\$__timeGroup\(([^,]+),\s*'1m'\)", r"floor(extract(epoch from \1)/60)*60", query)
    return query.replace("$__timeFrom()", start).replace("$__timeTo()", end)


@pytest.fixture(scope="module", params=[Capability.APACHE, Capability.POSTGRESQL])
def reader(request: pytest.FixtureRequest, server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """A store with one rising river, as the reader role sees it."""
    with empty_store(server_dsn, secrets, f"screen_{request.param.value}", request.param) as admin:
        load(admin, commune())
        values = [payload(1.0 + i / 10, minute=i) for i in range(50)]
        writer = ObservationWriter(as_role(admin, secrets, "writer"))
        writer.write([judge(plan(commune()), {}, batch(values))])
        writer.close()
        yield as_role(admin, secrets, "reader")


QUERIES = {
    f"{title} {target['refId']}": (panel["type"], target)
    for title, panel in PANELS.items()
    for target in panel["targets"]
}


@pytest.mark.integration
@pytest.mark.parametrize("name", QUERIES)
def test_the_query_of_a_panel_runs_and_gives_its_columns(name: str, reader: str) -> None:
    kind, target = QUERIES[name]
    with psycopg.connect(reader) as connection:
        cursor = connection.execute(expand(target["rawSql"]).encode())
        columns = {one.name: one.type_code for one in cursor.description or ()}
        rows = cursor.fetchall()

    if target["format"] == "time_series":
        assert "time" in columns
        assert len(columns) >= 2
    if kind == "stat":
        assert len(columns) == 1
        assert len(rows) == 1
    assert all(columns)


@pytest.mark.integration
def test_a_silent_gauge_gives_no_figure_instead_of_its_last_one(reader: str) -> None:
    target = PANELS["Sông Bồ tại Phú Ốc"]["targets"][0]
    with psycopg.connect(reader) as connection:
        spoke = connection.execute(expand(target["rawSql"]).encode()).fetchone()
        later = expand(target["rawSql"]).replace(
            f"{SPAN[1]:%Y-%m-%dT%H:%M:%SZ}", f"{at(START_MS + 9_000_000):%Y-%m-%dT%H:%M:%SZ}"
        )
        silent = connection.execute(later.encode()).fetchone()

    assert spoke == (pytest.approx(5.9),)
    assert silent == (None,)


@pytest.mark.integration
def test_a_sensor_whose_clock_is_slow_is_not_silent_and_one_that_stopped_is(
    reader: str, secrets: dict[str, str]
) -> None:
    """By when its newest reading came, as the flow judges; a silence is one alert of the whole station, so it is not asked."""
    dust = [
        payload(20.0 + i / 10, minute=i - 65, seq=i, parameter="pm25", unit="ug/m3") for i in range(0, 60, 5)
    ]
    own = as_role(reader, secrets, "writer")
    sensors, silent = (PANELS[one]["targets"][0]["rawSql"] for one in ("Cảm biến", "Cảm biến mất tín hiệu"))
    with psycopg.connect(own) as connection:
        writer = ObservationWriter(own, flow="slow")
        writer.write([judge(plan(commune()), {}, batch(dust, minutes=[float(5 * i) for i in range(12)]))])
        writer.close()
        try:
            states = {row[3] for row in connection.execute(_until(sensors, 60)).fetchall()}
            counts = [connection.execute(_until(silent, one)).fetchone() for one in (60, 90, 200)]
        finally:
            connection.execute("delete from observation where parameter = 'pm25'")

    assert len(states) == 2
    assert "MẤT TÍN HIỆU" not in states
    assert counts == [(0,), (1,), (2,)]


def _until(query: str, minute: int) -> bytes:
    """As `expand`, at the end of a window that ends `minute` minutes after the start."""
    return (
        expand(query)
        .replace(f"{SPAN[1]:%Y-%m-%dT%H:%M:%SZ}", f"{at(START_MS + minute * 60_000):%Y-%m-%dT%H:%M:%SZ}")
        .encode()
    )


@pytest.mark.integration
def test_the_marks_of_alerts_have_time_text_and_tags(reader: str) -> None:
    query = SCREEN["annotations"]["list"][0]["target"]["rawSql"]
    with psycopg.connect(reader) as connection:
        cursor = connection.execute(expand(query).encode())

    assert [one.name for one in cursor.description or ()] == ["time", "text", "tags"]


EMPTY = {
    title: target["rawSql"]
    for title, panel in PANELS.items()
    for target in panel["targets"]
    if panel["type"] == "table" and " one\nleft join " in target["rawSql"]
}


@pytest.mark.integration
@pytest.mark.parametrize("title", EMPTY)
def test_a_table_without_rows_says_so_in_vietnamese(title: str, reader: str) -> None:
    own = EMPTY[title].split(" as turn from (\n")[1].split("\n) q) t on true")[0]
    with psycopg.connect(reader) as connection:
        inner = connection.execute(expand(own).encode())
        cursor = connection.execute(expand(EMPTY[title]).encode())
        rows, expected = cursor.fetchall(), inner.fetchall()
        columns = [[one.name for one in each.description or ()] for each in (cursor, inner)]

    assert columns[0] == columns[1]
    if expected:
        assert [row[0] for row in rows] == [row[0] for row in expected]
    else:
        assert len(rows) == 1
        assert VIETNAMESE.search(rows[0][0])
        assert all(not str(one).strip("0\u00a0") or "gif" in str(one) for one in rows[0][1:])


def test_the_tables_that_are_often_empty_have_words_for_it() -> None:
    assert {"Cảnh báo đang mở", "Tin nhắn", "Khoản cần xem lại"} <= EMPTY.keys()
