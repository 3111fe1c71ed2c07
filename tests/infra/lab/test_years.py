"""Years of the whole commune are the same for the same seed, and every question of every screen has an answer on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

from connectors import commune
from connectors.settings import ROOT
from infra.lab.bench import panels, screens, years
from infra.lab.bench.panels import Question, Timed
from infra.run.migrations.runner import Capability
from models.commune.mistakes import mistakes
from tests.store import as_role, empty_store

WHOLE = years.whole(commune.load(ROOT / "infra" / "commune"))
SINCE, UNTIL = datetime.fromisoformat("2025-11-02T15:40:00+07:00"), years.END
QUIET = Console(file=StringIO())


def test_the_whole_commune_has_twelve_stations_and_forty_one_cameras_without_a_mistake() -> None:
    assert (len({station.id for station in WHOLE.stations}), len(WHOLE.stations)) == (12, 12)
    assert (len({camera.id for camera in WHOLE.cameras}), len(WHOLE.cameras)) == (41, 41)
    assert mistakes(WHOLE) == []


EXPANDED = [
    ("the window", "$__timeFilter(o.at)", f"o.at BETWEEN '{SINCE.isoformat()}' AND '{UNTIL.isoformat()}'"),
    ("its end", "at < $__timeTo()::timestamptz", f"at < '{UNTIL.isoformat()}'::timestamptz"),
    ("a minute named", "$__timeGroup(at, '1m')", "floor(extract(epoch from at)/60)*60"),
    ("Grafana's own step", "$__timeGroup(at, $__interval)", "floor(extract(epoch from at)/120)*120"),
    ("the step in words and in ms", "'$__interval' $__interval_ms", "'120s' 120000"),
    ("a variable as it stands when all are chosen", "x in ($hamlet)", "x in ('*')"),
    ("a variable whose name begins another's", "${hamlet:raw} $hamlets", "'*' 'b'"),
]


@pytest.mark.parametrize(("name", "text", "expected"), EXPANDED, ids=[one[0] for one in EXPANDED])
def test_macros_and_variables_stand_in_a_query_as_grafana_writes_them(
    name: str, text: str, expected: str
) -> None:
    assert panels.expand(text, SINCE, UNTIL, 120, {"hamlet": "'*'", "hamlets": "'b'"}) == expected, name


def test_panels_variables_and_marks_of_a_screen_are_all_asked(tmp_path: Path) -> None:
    screen = {
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{"name": "n", "type": "query", "query": "select 1", "allValue": "'*'"}]},
        "annotations": {"list": [{"name": "m", "rawQuery": "select 2"}]},
        "panels": [
            {"title": "p", "interval": "1h", "targets": [{"refId": "A", "rawSql": "$n $__interval"}]},
            {"title": "words"},
        ],
    }
    (tmp_path / "one.json").write_text(json.dumps(screen), encoding="utf-8")

    assert list(panels.questions(tmp_path, UNTIL)) == [
        Question("one", "$n", "select 1"),
        Question("one", "p", "'*' 3600s"),
        Question("one", "dấu (marks): m", "select 2"),
    ]


def test_a_window_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(
        json.dumps({"time": {"from": "now/d"}, "panels": []}), encoding="utf-8"
    )

    with pytest.raises(ValueError, match="now/d"):
        list(panels.questions(tmp_path, UNTIL))


VERDICTS = [
    ("fast", Timed("s", "q", 10, 300, 5, 1, 1, 20), True),
    ("slow one time in twenty", Timed("s", "q", 10, 300.1, 5, 1, 1, 20), False),
    ("no answer, however soon", Timed("s", "q", 1, 1, None, 0, 0, 1, "no such column"), False),
]


@pytest.mark.parametrize(("name", "timed", "reached"), VERDICTS, ids=[verdict[0] for verdict in VERDICTS])
def test_a_screen_is_as_fast_as_its_slowest_question(name: str, timed: Timed, *, reached: bool) -> None:
    fast = Timed("s", "other", 1, 1, 1, 1, 1, 20)

    assert timed.reached is reached, name
    assert [line.reached for line in screens.results([fast, timed, fast])] == [reached]


def test_the_95th_of_twenty_is_the_nineteenth() -> None:
    assert panels.at_share([float(i) for i in range(20, 0, -1)], 0.95) == 19


@pytest.fixture(scope="module")
def filled(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """The administrator's DSN on a store with the last day, its last minute as the cameras count."""
    with empty_store(server_dsn, secrets, "years_a", Capability.APACHE) as admin:
        years.fill(admin, WHOLE, 0, 1, QUIET, timedelta(minutes=1))
        yield admin


DIGEST = """
select jsonb_build_array((select sum(hashtext(o::text)::bigint) from observation o), (select sum(hashtext(p::text)::bigint) from payment p),
  (select sum(hashtext(d::text)::bigint) from derived d), (select sum(hashtext(h::text)::bigint) from place_history h),
  (select sum(hashtext((alert, seq, at, level)::text)::bigint) from alert_change))::text
"""


def _ask(admin: str, query: str) -> object:
    with psycopg.connect(admin) as db:
        db.execute("set search_path = phusa, public")
        row = db.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.integration
def test_the_same_seed_makes_the_same_rows_and_another_others(
    filled: str, server_dsn: str, secrets: dict[str, str]
) -> None:
    made = _ask(filled, DIGEST)
    for seed in (1, 2):
        with empty_store(server_dsn, secrets, "years_b", Capability.POSTGRESQL) as admin:
            years.fill(admin, WHOLE, 0, seed, QUIET, timedelta(minutes=1))
            assert (_ask(admin, DIGEST) == made) is (seed == 1)


ROLLED_UP = {
    "people of five minutes": "select (select sum(count + unknown) from people_5m) = (select count(*) from observation where parameter like 'people/%')",
    "people of hours": "select (select sum(total) from people_1h) = (select sum(total) from people_5m)",
    "nothing is marked": "select not exists (select from dirty_people) and not exists (select from dirty_money)",
    "money": "select not exists ((table money_1h except select * from count_money('-infinity', 'infinity')) union all "
    "(select * from count_money('-infinity', 'infinity') except table money_1h))",
    "who paid": "select (select count(*) from money_day) = (select count(*) from count_who('-infinity', 'infinity'))",
    "payments that may stand otherwise than paid": "select not exists (select from payment p, standing(p.amount_vnd, p.source, p.event) s "
    "where s.state <> 'paid' and not exists (select from payment_touched t where t.source = p.source and t.event = p.event))",
}


@pytest.mark.integration
@pytest.mark.parametrize("name", ROLLED_UP)
def test_the_roll_ups_of_the_years_are_those_of_their_rows(name: str, filled: str) -> None:
    assert _ask(filled, ROLLED_UP[name]) is True


@pytest.mark.integration
def test_every_table_of_the_years_has_rows(filled: str) -> None:
    assert [name for name, rows in years.counts(filled).items() if rows == 0] == []


@pytest.mark.integration
def test_every_question_of_every_screen_has_an_answer_for_the_reader(
    filled: str, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "RUNS", 1)
    asked = list(panels.questions(screens.FOLDER, years.END))
    found = panels.measure(as_role(filled, secrets, "reader"), asked, lambda _: None)

    assert len(found) == len(asked) > 0
    assert [(one.screen, one.what, one.error) for one in found if one.error] == []
