"""An event gathered from the real store has the figures that the screens have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb
from typer.testing import CliRunner

from connectors import commune as folder
from connectors.settings import ROOT, settings
from connectors.timescale import aftermath, reference
from dashboards.postgres_query import read
from infra.phusa import app
from models.alerting.aftermath import Aftermath
from models.alerting.lead import figures
from tests.dashboards.seeded import observe
from tests.dashboards.windows import answer, expand
from tests.reports_of_events import at, jpeg
from tests.store import empty_store

pytestmark = pytest.mark.integration

EXAMPLE = folder.load(ROOT / "infra" / "commune")
WALL = datetime.fromisoformat("2026-11-26T02:00:00+00:00")
"""When the changes were stored, by the wall clock: the night is played."""
RIVER = "river-phu-oc:phu-oc:river_level:1"
EVENT = "water:bo-phu-oc@1"


def changes() -> list[tuple[object, ...]]:
    seen = Jsonb([{"vi": "camera Cầu: nước tới mốc 2", "en": "camera: mark 2"}])
    return [
        (RIVER, 1, at("02:00"), "raise", 1, 0, 1.6, 1.5, WALL, seen),
        (RIVER, 2, at("04:30"), "worse", 2, 1, 3.1, 3.0, WALL, None),
        (RIVER, 3, at("10:30"), "clear", 0, 2, 1.3, 1.3, WALL, None),
    ]


def told(
    name: str, seq: int, contact: str, state: str, level: int, *, price: int | None = None
) -> tuple[object, ...]:
    sent = None if state == "refused" else WALL + timedelta(seconds=2)
    delivered = WALL + timedelta(seconds=5) if state == "delivered" else None
    return (
        name, RIVER, seq, contact, "river", level, ["sms"], "sms", f"CANH BAO LU {level}", "river_rise", Jsonb({}), state, WALL, sent, delivered,
        price, "hết tiền (no money)" if state == "refused" else None, "water:bo-phu-oc", [RIVER], [seq], EVENT,
    )  # fmt: skip


def fill(dsn: str) -> None:
    """The river rises past BĐ1 at 01:50 and BĐ2 at 04:20 and falls; two contacts are told, one answers."""
    observe(
        dsn, "phu-oc", "river_level", "m",
        [(at("01:00") + timedelta(minutes=5 * n), round(min(1.0 + 0.05 * n, 7.0 - 0.05 * n), 2), 1) for n in range(121)],
    )  # fmt: skip
    with psycopg.connect(dsn) as db, db.cursor() as cursor:
        cursor.execute(
            "insert into event (id, place, opened_at, risen_at, closed_at, level, peak_level) values (%s, 'water:bo-phu-oc', %s, %s, %s, 0, 2)",
            [EVENT, at("02:00"), at("04:30"), at("10:30")],
        )
        cursor.execute(
            "insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, raised_at, changed_at, cleared_at, event) "
            "values (%s, 'river-phu-oc', 'river', 'phu-oc', 'river_level', 0, 2, 1.3, 'm', %s, %s, %s, %s)",
            [RIVER, at("02:00"), at("10:30"), at("10:30"), EVENT],
        )
        cursor.executemany(
            'insert into alert_change (alert, seq, at, change, level, previous, value, "limit", recorded_at, evidence) '
            "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            changes(),
        )
        cursor.executemany(
            "insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, state, "
            f"created_at, sent_at, delivered_at, price_vnd, reason, place, shown, seqs, event) values ({', '.join(['%s'] * 21)})",
            [
                told("n1", 1, "head-la-van-ha", "delivered", 1, price=450),
                told("n2", 1, "control-room", "refused", 1),
                told("n3", 2, "head-la-van-ha", "delivered", 2, price=900),
                told("n4", 2, "control-room", "sent", 2),
            ],
        )
        cursor.execute(
            "insert into answer (key, at, way, contact, event, kind, level) values ('k', %s, 'sms', 'head-la-van-ha', %s, 'taken', 2)",
            [at("04:36"), EVENT],
        )
        cursor.execute(
            "insert into event_step (event, key, at, level, step, contact, vi, en) values (%s, 'told', %s, 1, 'told', 'head-la-van-ha', 'báo', 'told')",
            [EVENT, at("02:00")],
        )
        cursor.execute(
            "insert into snapshot (alert, seq, at, camera, people, jpeg) values (%s, 2, %s, 'cau-thuoc', 0, %s)",
            [RIVER, at("04:31"), jpeg()],
        )


@pytest.fixture(scope="module")
def admin(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "aftermath") as made:
        reference.load(made, EXAMPLE)
        dsn = psycopg.conninfo.make_conninfo(made, options="-csearch_path=phusa,public")
        fill(dsn)
        yield dsn


@pytest.fixture(scope="module")
def found(admin: str) -> Aftermath:
    number = aftermath.events(admin, 5)[0].number
    gathered = aftermath.gather(admin, number, lambda: at("12:00"))
    assert gathered is not None
    return gathered


def test_all_of_the_event_is_there(found: Aftermath) -> None:
    assert (found.name, found.peak_level, found.closed_at) == ("Ven sông Bồ", 2, at("10:30"))
    assert [turn.level_vi for turn in found.alerts[0].turns] == ["BĐ1", "BĐ2", "hết"]
    assert found.alerts[0].turns[0].evidence[0].en == "camera: mark 2"
    assert [(one.name, one.kind) for one in found.replies] == [("Trưởng thôn La Vân Hạ", "taken")]
    assert [one.vi for one in found.rungs] == ["báo"]
    assert [(curve.name, [limit.name for limit in curve.limits]) for curve in found.curves] == [
        ("Phú Ốc, mực nước", ["BĐ1", "BĐ2", "BĐ3"])
    ]
    assert [one.jpeg for one in found.sights] == [jpeg()]


def test_minutes_of_lead_are_those_of_the_night_though_it_was_played_on_another_day(found: Aftermath) -> None:
    reached = {one.level_vi: (one.at, one.lead_min, one.told_min) for one in figures(found).reached}

    assert figures(found).told_at == at("02:00") + timedelta(seconds=2)
    assert reached["BĐ1"] == (at("01:50"), pytest.approx(-10 - 2 / 60), pytest.approx(10 + 2 / 60))
    assert reached["BĐ2"] == (at("04:20"), pytest.approx(140 - 2 / 60), pytest.approx(10 + 2 / 60))


def test_who_was_told_is_what_the_screens_said_before_it_was_over(admin: str, found: Aftermath) -> None:
    last = answer(admin, expand(read("open_alerts"), at("01:00"), at("10:29")))[0]

    assert f"{found.alerts[0].told} tin" == last["Đã báo"]
    assert found.alerts[0].told_vi == last["Ai"]
    assert found.replies[0].name in last["Trả lời"]


def test_messages_arrived_and_their_price_are_those_of_the_screen_of_messages(
    admin: str, found: Aftermath
) -> None:
    span = (at("00:00"), at("12:00"))
    arrived = answer(admin, expand(read("messages_arrived"), *span))[0]
    listed = answer(admin, expand(read("messages"), *span))
    price = answer(admin, expand(read("messages_price"), *span))[0]

    assert figures(found).arrived in arrived.values()
    assert "1.350" in str(price.values())
    assert figures(found).price_vnd == 1350
    assert sorted(one["Nội dung"] for one in listed) == sorted(one.text for one in found.messages)
    assert {one["Lý do"] for one in listed} - {"–"} == {one.reason for one in found.messages} - {""}


def test_a_number_that_is_none_is_an_error_that_says_so(admin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aftermath.gather(admin, 999, lambda: at("12:00")) is None
    monkeypatch.setattr(type(settings()), "dsn", lambda _self, _role: admin)
    told = CliRunner().invoke(app, ["report", "event", "999"])

    assert told.exit_code == 1
    assert "không có việc số 999" in told.output


def test_the_command_writes_both_files_and_the_list_has_the_event(
    admin: str, found: Aftermath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(settings()), "dsn", lambda _self, _role: admin)
    wrote = CliRunner().invoke(app, ["report", "event", str(found.number), "--out", str(tmp_path)])
    listed = CliRunner().invoke(app, ["report", "list"])

    assert wrote.exit_code == 0, wrote.output
    assert "Ven sông Bồ" in listed.output
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(written) == {f"event-{found.number}.html", f"event-{found.number}.pdf"}
    assert "Trưởng thôn La Vân Hạ".encode() in written[f"event-{found.number}.html"]


def test_an_event_that_goes_on_is_told_as_it_is_now(admin: str) -> None:
    with psycopg.connect(admin) as db:
        db.execute("insert into event (id, place, opened_at, risen_at, level, peak_level, exercise) values ('health@1', 'health', %s, %s, 1, 1, true)", [at("11:00"), at("11:00")])  # fmt: skip
    newest = aftermath.events(admin, 1)[0]
    gathered = aftermath.gather(admin, newest.number, lambda: at("12:00"))

    assert (newest.name, newest.exercise, newest.closed_at) == ("Thiết bị đo", True, None)
    assert gathered is not None
    assert gathered.alerts == []
