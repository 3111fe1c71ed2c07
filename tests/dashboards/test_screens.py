"""The screens: generated, in Vietnamese, every query runs, every word has its colour, nothing of the commune is typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from connectors import commune as folder
from connectors.settings import ROOT
from connectors.timescale import reference
from dashboards import style
from dashboards.__main__ import FOLDER, SCREENS
from infra.run.migrations.runner import Capability
from models.catalogue.states import STATES, State
from tests.builders import START_MS, at
from tests.dashboards.windows import MADE, expand, queries
from tests.store import as_role, empty_store

EXAMPLE = folder.load(ROOT / "infra" / "commune")
PANELS: dict[str, dict[str, Any]] = {
    f"{name}: {panel['title'] or panel['options'].get('content', '')} {panel['type']}": panel
    for name, screen in MADE.items()
    for panel in screen["panels"]
}
DRAWN = {name: panel for name, panel in PANELS.items() if panel["type"] != "text"}
VIETNAMESE = re.compile(r"[À-ỹĐđ]")
SINCE, UNTIL = at(START_MS), at(START_MS) + timedelta(hours=24)
ROWS_OF_1080P = 28
"""Rows of 30 px and gaps of 8 px between them; 16 px around."""


@pytest.mark.parametrize("name", SCREENS)
def test_the_json_in_the_repository_is_what_the_code_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == SCREENS[name]()


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_speaks_vietnamese_and_says_in_english_what_it_is(name: str) -> None:
    panel = PANELS[name]

    # Of a panel without a title Grafana would draw the description's corner over its words.
    assert bool(panel.get("description")) == bool(panel["title"])
    if panel["type"] == "text":
        assert panel["options"]["content"].endswith(":raw}")
    else:
        assert not panel["title"] or VIETNAMESE.search(panel["title"]) or panel["title"].startswith("PM2.5")
        assert VIETNAMESE.search(panel["fieldConfig"]["defaults"]["noValue"])


@pytest.mark.parametrize("name", [name for name, panel in DRAWN.items() if panel["type"] != "table"])
def test_a_figure_or_graph_has_a_unit(name: str) -> None:
    assert DRAWN[name]["fieldConfig"]["defaults"]["unit"]


@pytest.mark.parametrize("name", [name for name, panel in DRAWN.items() if panel["type"] == "table"])
def test_a_table_without_rows_says_so_in_words(name: str) -> None:
    """Grafana writes "No data" over an empty one, whatever the panel is told."""
    assert all(" one\nleft join " in one["rawSql"] for one in DRAWN[name]["targets"])


@pytest.mark.parametrize("name", SCREENS)
def test_panels_do_not_overlap_and_fill_the_width(name: str) -> None:
    places = [panel["gridPos"] for panel in MADE[name]["panels"]]
    cells = [
        (x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])
    ]

    assert len(cells) == len(set(cells))
    assert {x for x, _y in cells} == set(range(24))


def test_the_wall_is_one_screen_of_1080_lines() -> None:
    assert max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in MADE["wall"]["panels"]) <= ROWS_OF_1080P


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_leads_to_the_others_and_keeps_the_time_and_what_was_chosen(name: str) -> None:
    (link,) = MADE[name]["links"]

    assert (link["type"], link["tags"], link["keepTime"], link["includeVars"]) == (
        "dashboards",
        ["phusa"],
        True,
        True,
    )
    assert "phusa" in MADE[name]["tags"]
    assert MADE[name]["timezone"] == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize("name", SCREENS)
def test_a_choice_in_the_address_is_one_that_a_person_makes(name: str) -> None:
    """What SQL writes for a panel of words is long and changes each ten seconds: it is in no address."""
    for one in MADE[name].get("templating", {}).get("list", []):
        assert one["skipUrlSync"] == (one.get("hide") == 2)
        assert one["refresh"] == (2 if one.get("hide") == 2 else 1)


# --- words and colours ------------------------------------------------------------------------------------------------


def worded() -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Panel, column, its override and its SQL of every column whose words have colours."""
    for name, panel in DRAWN.items():
        for one in panel["fieldConfig"]["overrides"] or []:
            values = {each["id"]: each.get("value") for each in one["properties"]}
            if panel["type"] == "table" and values.get("mappings"):
                yield name, one["matcher"]["options"], values, panel["targets"][0]["rawSql"]


WORDED = list(worded())
NAMED = [f"{name}, {column}" for name, column, _values, _sql in WORDED]


@pytest.mark.parametrize("values", [one[2] for one in WORDED], ids=NAMED)
def test_a_word_that_no_mapping_knows_is_grey(values: dict[str, Any]) -> None:
    (step,) = values["thresholds"]["steps"]

    assert step["color"] == style.UNKNOWN
    assert values["color"] == {"mode": "thresholds"}
    assert "green" not in str(values)


@pytest.mark.parametrize(("name", "column", "values", "sql"), WORDED, ids=NAMED)
def test_every_word_that_sql_can_make_has_a_colour(
    name: str, column: str, values: dict[str, Any], sql: str
) -> None:
    known = set(values["mappings"][0]["options"])
    made = _words(sql, column)

    assert made <= known, f"{name}, {column}: {made - known}"


def _words(sql: str, column: str) -> set[str]:
    """What an expression of SQL can say: the literals behind then and else; of a state, all words of the catalogue."""
    before = (
        sql.partition(f' as "{column}"')[0]
        if "left join (select q.*" not in sql
        else _inner(sql).partition(f' as "{column}"')[0]
    )
    expression = _last_column(before)
    if "state_vi" in expression or "s.vi" in expression:
        return {f"{row.shape} {row.vi}" for row in STATES.values()}
    return set(re.findall(r"(?:then|else) '([^']*)'", expression))


def _inner(sql: str) -> str:
    return sql.split(" as turn from (\n")[1]


def _last_column(text: str) -> str:
    """The expression at the end of a list of columns: back to the comma that stands in no bracket, case or string."""
    depth, quoted, tokens = 0, False, list(re.finditer(r"'|\(|\)|\bcase\b|\bend\b|,|\bselect\b", text))
    for token in reversed(tokens):
        what = token.group()
        if what == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif what in (")", "end"):
            depth += 1
        elif what in ("(", "case"):
            depth -= 1
        elif depth == 0:
            return text[token.end() :]
    return text


def test_the_words_of_states_are_the_catalogue_s_and_only_the_normal_one_has_the_colour_of_calm() -> None:
    panel = DRAWN["messages: Cảnh báo đang mở table"]
    (override,) = [
        each["value"][0]["options"]
        for one in panel["fieldConfig"]["overrides"]
        if one["matcher"]["options"] == "Tình trạng"
        for each in one["properties"]
        if each["id"] == "mappings"
    ]

    for row in STATES.values():
        expected = style.CALM if row.code is State.NORMAL else row.colour
        assert override[f"{row.shape} {row.vi}"]["color"] == expected


# --- nothing of the commune by hand -----------------------------------------------------------------------------------

SOURCES = [*sorted((ROOT / "dashboards" / "sql").glob("*.sql")), *sorted((ROOT / "dashboards").glob("*.py"))]
OURS = {
    *(station.id for station in EXAMPLE.stations),
    *(station.name for station in EXAMPLE.stations),
    *(camera.id for camera in EXAMPLE.cameras),
    *(rule.id for rule in EXAMPLE.rules),
    *(level.name for rule in EXAMPLE.rules for level in rule.levels if len(level.name) > 3),
    "BĐ1", "BĐ2", "BĐ3", "BĐ I", "Phú Ốc",
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_query_and_no_screen_names_a_limit_a_station_or_a_state(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Comments and docstrings may give an example.
    text = re.sub(r"--.*|#.*", "", re.sub(r'"""[\s\S]*?"""', "", text))
    literals = set(re.findall(r"'([^'\n]*)'", text)) | set(re.findall(r'"([^"\n]*)"', text))

    assert literals & OURS == set()
    assert (
        literals
        & ({str(one) for one in State} | {row.vi for row in STATES.values() if row.code is not State.NORMAL})
        == set()
    )
    if path.suffix == ".sql":
        assert re.findall(r"(?:value|raise_at)\s*[<>]=?\s*[1-9]", text) == []


# --- the queries run --------------------------------------------------------------------------------------------------

QUERIES = {name: (kind, one) for name, kind, one in queries()}


@pytest.fixture(scope="module", params=[Capability.APACHE, Capability.POSTGRESQL])
def reader(request: pytest.FixtureRequest, server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The example commune before its first datum, as the reader role sees it."""
    with empty_store(server_dsn, secrets, f"screens_{request.param.value}", request.param) as admin:
        reference.load(admin, EXAMPLE)
        yield as_role(admin, secrets, "reader")


@pytest.mark.integration
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_runs_on_an_empty_store_and_gives_its_columns(name: str, reader: str) -> None:
    kind, one = QUERIES[name]
    with psycopg.connect(reader) as connection:
        cursor = connection.execute(expand(one["rawSql"], SINCE, UNTIL))
        columns, rows = [each.name for each in cursor.description or ()], cursor.fetchall()

    assert len(set(columns)) == len(columns)
    if one["format"] == "time_series":
        assert columns[0] == "time"
    if kind in ("stat", "words"):
        assert (len(columns), len(rows)) == (1, 1)
    if kind == "words":
        assert rows[0][0]
    if kind == "choice":
        assert columns == ["__text", "__value"]
    if kind == "table":
        assert rows
        assert VIETNAMESE.search("".join(str(each) for each in rows[0]))
