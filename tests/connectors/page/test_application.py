"""The page's answers, without a browser and without a store."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import psycopg
import pytest
from starlette.testclient import TestClient

from connectors import commune as files
from connectors.caller import networks
from connectors.page import views
from connectors.page.application import application
from connectors.page.map_file import check, sketch_of
from connectors.page.now import Now, Picture, state
from connectors.page.store import AWAY, Source, unread
from connectors.playbook import pages_of
from connectors.settings import ROOT
from models.catalogue.states import STATES, State
from models.places.listed import listed
from tests.connectors.page.moments import MINUTE, NOON, RING, alert, nobody, place, quiet, storm

FOLDER = ROOT / "infra" / "commune"
COMMUNE = views.Commune(
    "Xã Quảng Điền", {"la-van-ha": "La Vân Hạ"}, sketch_of(FOLDER), playbook=pages_of(FOLDER)
)
EXAMPLE = files.load(ROOT / "infra" / "commune")
GREEN = f'class="badge state-{State.NORMAL}"'
HTML = ("/", "/?embed=1", "/wall", "/wall?part=1")


class Shown:
    """A source that knows one moment."""

    def __init__(self, moment: Now) -> None:
        self.moment, self.jpeg = moment, b"\xff\xd8jpeg"

    async def now(self) -> Now:
        return self.moment

    async def picture(self, alert: str, seq: int) -> bytes | None:
        return self.jpeg if (alert, seq) == ("crowd/1", 0) else None

    async def newest(self, camera: str) -> bytes | None:
        return self.jpeg if camera == "duong-tran" else None

    def close(self) -> None:
        pass


def client(moment: Now, caller: str = "127.0.0.1", **changed: object) -> TestClient:
    made = application(Shown(moment), COMMUNE, **changed)  # type: ignore[arg-type]
    return TestClient(made, client=(caller, 1234), raise_server_exceptions=False)


def changed(**parts: object) -> Now:
    return msgspec.structs.replace(quiet(), **parts)


BAD_DAYS = [
    ("database away", changed(trouble=AWAY), "không đọc được cơ sở dữ liệu"),
    ("database away from the start", Now(NOON, [unread(one) for one in listed(EXAMPLE)], [], 0, [], [], trouble=AWAY), "không đọc được cơ sở dữ liệu"),
    ("no data", changed(places=[place(state="silent", age=None, vi="Phú Ốc: chưa có tín hiệu", value=None)], rivers=[]), "chưa có tín hiệu"),
    ("no place at all", changed(places=[], rivers=[]), "Chưa có"),
    ("late data", changed(places=[place(state="silent", age=timedelta(hours=3), vi="Phú Ốc mất tín hiệu, đo 09:00, 3 giờ trước")]), "3 giờ trước"),
    ("a datum from the future", changed(places=[place(age=-60 * MINUTE)]), "giờ đo nằm trong tương lai"),
    ("a state that nobody knows", changed(places=[place(state="splendid")]), "KHÔNG TIN ĐƯỢC"),
    ("a camera without picture", changed(places=[place("Chợ", "blind", camera="cho", kind="zone", id="cho/san")]), "MÙ"),
    ("names and words of markup", changed(places=[place("<b>x</b>", "silent", vi='"><script>alert(1)</script>')]), "&lt;script&gt;"),
]  # fmt: skip


@pytest.mark.parametrize("path", HTML)
@pytest.mark.parametrize(("name", "moment", "said"), BAD_DAYS, ids=[day[0] for day in BAD_DAYS])
def test_on_a_bad_day_each_page_has_its_words_and_is_never_green(
    name: str, moment: Now, said: str, path: str
) -> None:
    answer = client(moment).get(path)

    assert answer.status_code == 200, name
    assert said in answer.text or said.casefold() in answer.text.casefold()
    assert GREEN not in answer.text
    assert f'headline state-{State.NORMAL}"' not in answer.text
    assert "<script>alert" not in answer.text


def test_a_removed_station_is_gone_and_its_open_alert_is_told_by_its_id() -> None:
    moment = changed(
        places=[place("Trạm không khí", kind="air", id="air")],
        rivers=[],
        alerts=[alert(name="phu-oc")],
        alert_count=1,
    )

    assert "phu-oc: Mực nước BĐ3" in client(moment).get("/wall").text
    assert client(moment).get("/").status_code == 200


def test_of_ten_thousand_alerts_the_worst_are_shown_and_all_are_counted() -> None:
    moment = msgspec.structs.replace(storm(), alerts=[alert(n) for n in range(12)], alert_count=10_000)
    answer = client(moment).get("/wall")

    assert answer.text.count("Phú Ốc: Mực nước BĐ3") == views.MOST_ALERTS
    assert "và 9.994 cảnh báo nữa đang mở" in answer.text
    assert len(answer.text) < 100_000
    assert client(moment).get("/data.json").json()["open_alerts"] == 10_000


def test_what_nobody_takes_stands_above_all_with_the_numbers_to_ring_and_goes_when_somebody_does() -> None:
    taken = client(storm()).get("/wall?part=1").text
    open_ = client(msgspec.structs.replace(storm(), nobody=[nobody()])).get("/wall?part=1").text

    assert "CHƯA AI NHẬN" not in taken
    assert open_.index("CHƯA AI NHẬN: Ven sông Bồ") < open_.index("<header>")
    assert f"GỌI: <b>{RING}</b>" in open_


def test_of_many_that_nobody_takes_the_worst_are_named_and_the_others_counted() -> None:
    moment = msgspec.structs.replace(storm(), nobody=[nobody(n, name=f"Nơi {n}") for n in range(5)])
    text = client(moment).get("/wall").text

    assert [name in text for name in ("Nơi 0", "Nơi 1", "Nơi 2")] == [True, True, False]
    assert "và 3 nơi nữa" in text


def test_what_nobody_takes_is_no_news_for_the_citizens_page() -> None:
    assert "CHƯA AI NHẬN" not in client(msgspec.structs.replace(storm(), nobody=[nobody()])).get("/").text


def test_the_citizens_page_holds_no_person_no_message_and_no_picture() -> None:
    text = client(storm()).get("/").text

    assert not any(one in text for one in ("<img", "Chủ tịch", "Trưởng thôn", "báo Chủ", "crowd/1", "jpg"))
    assert "<script" not in text


def test_the_citizens_page_needs_no_script_and_loads_itself_again_until_it_is_stopped() -> None:
    assert client(storm()).get("/").headers["refresh"] == "60"
    assert client(storm(), played=True).get("/").headers["refresh"] == "5"
    assert "refresh" not in client(storm()).get("/?still=1").headers
    assert 'href="/?still=1"' in client(storm()).get("/").text


def test_embedded_it_has_neither_head_nor_foot_and_may_stand_in_any_page() -> None:
    answer = client(storm()).get("/?embed=1")

    assert "<header>" not in answer.text
    assert "<footer>" not in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client(storm()).get("/wall").headers["content-security-policy"]


def test_who_has_the_page_already_is_told_so() -> None:
    own = client(storm())
    first = own.get("/")
    again = own.get("/", headers={"if-none-match": first.headers["etag"]})

    assert "max-age=15" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert client(quiet()).get("/", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_json_and_csv_tell_the_numbers_of_the_page() -> None:
    own = client(storm())
    told, rows = (
        own.get("/data.json").json(),
        list(csv.DictReader(io.StringIO(own.get("/data.csv").text.removeprefix("\ufeff")))),
    )
    page = own.get("/").text

    assert [one["place"] for one in told["places"]] == [row["place"] for row in rows]
    assert told["state"] == State.DANGER
    assert told["places"][0]["value"] == float(rows[0]["value"]) == 4.87
    assert all(one["vi"] in page and one["state_vi"] in page for one in told["places"])
    assert {one["place"]: one["known"] for one in told["places"]}["bo-la-van"] is False


def test_a_cell_that_would_be_a_formula_is_text() -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(client(changed(places=[place("=1+1")])).get("/data.csv").text.removeprefix("\ufeff"))
        )
    )

    assert rows[0]["name"] == "'=1+1"


HEALTH = [
    ("all is well", quiet(), 200, None),
    ("the storm: the platform is well", storm(), 200, None),
    ("the store away", changed(trouble=AWAY), 503, AWAY[1]),
    (
        "the process places stands still",
        changed(heard_at=NOON - 11 * MINUTE),
        503,
        "the process `places` stands still",
    ),
    ("nothing was ever said", changed(heard_at=None), 503, "the process `places` stands still"),
]


@pytest.mark.parametrize(("name", "moment", "status", "why"), HEALTH, ids=[one[0] for one in HEALTH])
def test_health_is_of_the_platform_with_the_ages_of_its_sources(
    name: str, moment: Now, status: int, why: str | None
) -> None:
    answer = client(moment).get("/health")

    assert answer.status_code == status, name
    told = answer.json()
    assert (told["why"] or {}).get("en") == why
    assert [one["age_s"] for one in told["sources"]].count(240) >= 1 if moment.trouble is None else True
    assert answer.headers["cache-control"] == "no-store"


def test_numbers_that_are_not_known_are_no_success_for_a_machine() -> None:
    away = client(changed(trouble=AWAY))

    assert away.get("/data.json").status_code == 503
    assert away.get("/data.json").json()["known"] is False
    assert away.get("/data.csv").status_code == 503


CALLERS = [
    ("this machine", "127.0.0.1", {}, "", "", 200),
    ("this machine by IPv6", "::1", {}, "", "", 200),
    ("another machine", "203.0.113.7", {}, "", "", 403),
    ("the commune's network", "10.1.2.3", {}, "10.1.0.0/16", "", 200),
    ("through a proxy nobody named", "127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, "", "", 403),
    (
        "through our proxy, from outside",
        "127.0.0.1",
        {"x-forwarded-for": "203.0.113.7"},
        "",
        "127.0.0.1",
        403,
    ),
    (
        "through our proxy, from the commune",
        "127.0.0.1",
        {"x-forwarded-for": "10.1.2.3"},
        "10.1.0.0/16",
        "127.0.0.1",
        200,
    ),
    ("a caller without address", "testclient", {}, "", "", 403),
]


@pytest.mark.parametrize(
    ("name", "caller", "headers", "room", "trusted", "status"), CALLERS, ids=[caller[0] for caller in CALLERS]
)
def test_the_wall_and_its_pictures_are_for_the_room(
    name: str, caller: str, headers: dict[str, str], room: str, trusted: str, status: int
) -> None:
    own = client(storm(), caller, room=networks(room), trusted=networks(trusted))

    assert own.get("/wall", headers=headers).status_code == status, name
    assert own.get("/wall/picture/crowd/1/0.jpg", headers=headers).status_code == status
    assert own.get("/", headers=headers).status_code == 200


def test_pictures_are_of_the_cameras_concerned_with_their_age() -> None:
    text = client(storm()).get("/wall?part=1").text

    assert "/wall/picture/crowd/1/0.jpg" in text
    assert "Camera chợ Quảng Thọ: <b>3 phút trước</b>" in text
    assert "Chưa có ảnh: Đường La Vân, mặt đường" in text
    assert (
        "<img"
        not in client(
            msgspec.structs.replace(
                quiet(), pictures=[Picture("cho-quang-tho", "Chợ", "crowd/1", 0, NOON, 3)]
            )
        )
        .get("/wall")
        .text
    )
    assert client(storm()).get("/wall/picture/crowd/9/0.jpg").status_code == 404


def test_an_alert_says_since_when_who_was_told_and_who_answered() -> None:
    text = client(storm()).get("/wall?part=1").text

    for said in (
        "Phú Ốc: Mực nước BĐ3",
        "4,87 m",
        "từ 11:20",
        "báo Chủ tịch xã",
        "đã nhận 5 trong 6",
        "chưa báo ai",
    ):
        assert said in text


def test_what_nobody_thought_of_has_words_too() -> None:
    class Broken(Shown):
        async def now(self) -> Now:
            msg = "a bug"
            raise RuntimeError(msg)

    own = TestClient(
        application(Broken(quiet()), COMMUNE), client=("127.0.0.1", 1), raise_server_exceptions=False
    )  # type: ignore[arg-type]
    answer = own.get("/")

    assert answer.status_code == 503
    assert "Không biết tình hình hiện tại" in answer.text
    assert GREEN not in answer.text
    assert own.get("/nothing").status_code == 404


def test_one_read_of_the_store_serves_many_and_a_store_that_is_away_is_told() -> None:
    asked = []

    def dsn() -> str:
        asked.append(1)
        return "host=127.0.0.1 port=1 dbname=nothing connect_timeout=1"

    source = Source(dsn, lambda: NOON, [unread(one) for one in listed(EXAMPLE)], fresh_s=60)

    async def many() -> list[Now]:
        return await asyncio.gather(*(source.now() for _ in range(50)))

    found = asyncio.run(many())
    assert len(asked) == 1
    assert {one.trouble for one in found} == {AWAY}
    assert [place.look.code for place in found[0].places] == [State.SILENT] * len(listed(EXAMPLE))
    assert asyncio.run(source.picture("a", 0)) is None


def test_the_colours_of_a_page_are_those_of_the_states() -> None:
    sheet = client(quiet()).get("/static/states.css").text

    for one in STATES.values():
        assert one.colour in sheet
        assert f".state-{one.code}" in sheet
    assert client(quiet()).get("/static/../application.py").status_code == 404


def test_the_map_is_checked_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text(
        '{"type": "FeatureCollection", "features": [\n{"type": "Feature", "properties": {"role": "hamlet", "code": "nowhere", "source": "x"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}\n]}',
        encoding="utf-8",
    )
    found = check(tmp_path, EXAMPLE)

    assert [(one.file, one.line, one.found) for one in found] == [("map.geojson", 2, "code: nowhere")]
    (tmp_path / "map.geojson").write_text('{"type":\n"Feat', encoding="utf-8")
    assert [(one.line, one.expected_en) for one in check(tmp_path, EXAMPLE)] == [(2, "valid JSON in UTF-8")]
    assert check(ROOT / "infra" / "commune", EXAMPLE) == []


def test_the_store_that_breaks_is_no_error_of_ours() -> None:
    source = Source("x", lambda: NOON, [])
    source._open = lambda: SimpleNamespace(
        transaction=lambda: (_ for _ in ()).throw(psycopg.errors.UndefinedFunction("places_at"))
    )  # type: ignore[assignment]

    assert asyncio.run(source.now()).trouble == AWAY
    assert state("x") is STATES[State.UNTRUSTED]


# --- 41 cameras -------------------------------------------------------------------------------------------------------


def many(untaught: int = 21, well: int = 14) -> Now:
    """A commune of many cameras: those that nobody taught tell nothing yet, the others are well."""
    names = [f"cam-{i}" for i in range(untaught + well)]
    zones = [
        msgspec.structs.replace(
            place(f"Đường {name}", "untrusted" if i < untaught else "normal", kind="zone", id=f"{name}/duong", camera=name, value=None),
            apart="untaught" if i < untaught else "",
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    return changed(places=[*quiet().places, *zones])


@pytest.mark.parametrize("path", HTML)
def test_cameras_that_nobody_taught_are_one_line_and_not_one_each(path: str) -> None:
    shown = client(many()).get(path).text

    assert "21 camera chưa dạy" in shown
    assert "Đường cam-0" not in shown
    assert "KHÔNG TIN ĐƯỢC</b>" not in shown


@pytest.mark.parametrize("path", HTML)
def test_a_commune_of_which_nothing_can_be_known_yet_is_not_green(path: str) -> None:
    only = [one for one in many(well=0).places if one.apart]
    shown = client(changed(places=only, rivers=[])).get(path).text

    assert GREEN not in shown
    assert "21 camera chưa dạy" in shown


def test_of_many_places_those_that_are_well_are_folded_away() -> None:
    shown = client(many()).get("/").text

    folded = shown.partition("<details>")[2].partition("</details>")[0]
    assert "15 nơi bình thường" in folded
    assert folded.count("<li ") == 15


def test_a_camera_that_watches_water_shows_its_newest_picture_and_what_it_says() -> None:
    own = place("Đường tràn", "warning", kind="zone", id="duong-tran/mat-duong", camera="duong-tran")
    picture = Picture(
        "duong-tran", "Đường tràn", "", 0, NOON - 3 * MINUTE, 0, "Mặt đường: nước 42 %, độ tin 86 %"
    )
    shown = client(changed(places=[own], pictures=[picture])).get("/wall").text

    assert f"/wall/newest/duong-tran.jpg?{int(picture.at.timestamp())}" in shown
    assert "nước 42 %, độ tin 86 %" in shown


def test_the_newest_picture_is_for_the_room_only_and_never_kept_between() -> None:
    answers = {
        caller: client(storm(), caller).get("/wall/newest/duong-tran.jpg")
        for caller in ("127.0.0.1", "203.0.113.9")
    }

    assert (answers["127.0.0.1"].status_code, answers["203.0.113.9"].status_code) == (200, 403)
    assert answers["127.0.0.1"].headers["cache-control"] == "no-store"
    assert client(storm()).get("/wall/newest/another.jpg").status_code == 404


def test_water_in_a_zone_is_no_crowd_in_the_advice() -> None:
    zone = place("Đường tràn", "warning", kind="zone", id="duong-tran/mat-duong", camera="duong-tran")
    own = msgspec.structs.replace(zone, parameter="water_share/mat-duong", unit="%")
    shown = client(changed(places=[own])).get("/").text

    assert "Tránh đường đang ngập" in shown
    assert "rất đông" not in shown
