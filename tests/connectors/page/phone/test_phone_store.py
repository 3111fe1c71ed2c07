"""The phone page over the real store: what it reads of an event, what it writes of a contact, and a store that comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from connectors import clock, links
from connectors import commune as files
from connectors.page.application import application, known_commune
from connectors.page.phone.application import Phone
from connectors.page.phone.opening import around, opened
from connectors.page.phone.store import PhoneStore
from connectors.page.phone.views import Facts
from connectors.settings import ROOT, Settings
from connectors.timescale import outbox, reference
from flows.delivery import Delivery
from models.alerting.closing import CLOSED
from models.alerting.link import Links, ends, token
from models.alerting.offering import episode
from models.alerting.sending import Answer, Order, Sent
from tests.connectors.page.chrome import served
from tests.connectors.page.moments import MINUTE, NOON, storm
from tests.connectors.page.phone.events import BROWSER, KEY
from tests.connectors.page.test_application import Shown
from tests.gateways import HANG_S
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration
FOLDER = ROOT / "infra" / "commune"
EXAMPLE = files.load(FOLDER)
NAMES = {contact.id: contact.name for contact in EXAMPLE.contacts}
AN, BINH = "head-la-van-ha", "control-room"
EVENT, RISEN = "water:phu-oc@1", NOON - 40 * MINUTE
ADVICE = "Rời vùng trũng ngay."


@pytest.fixture(scope="module")
def admin(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "phone_page") as dsn:
        reference.load(dsn, EXAMPLE)
        yield dsn


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page gives up to stay quick is no question of these tests."""
    monkeypatch.setattr("connectors.page.phone.store.REMARK_S", HANG_S)
    monkeypatch.setattr("connectors.page.phone.store.CONNECT_S", int(HANG_S))


@pytest.fixture
def db(admin: str) -> Iterator[psycopg.Connection[Any]]:
    """The store as its administrator, with one event of the river at Phú Ốc on its third level."""
    with psycopg.connect(admin, autocommit=True, options="-c search_path=phusa,public") as connection:
        connection.execute(
            "truncate event, alert, alert_change, notification, attempt, answer, audit, snapshot, observation, place_state restart identity cascade"
        )
        _event(connection)
        yield connection


def _event(db: psycopg.Connection[Any]) -> None:
    db.execute(
        "insert into event (id, place, opened_at, risen_at, level, peak_level) values (%s, 'water:phu-oc', %s, %s, 3, 3)",
        [EVENT, NOON - 90 * MINUTE, RISEN],
    )
    db.execute(
        "insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, raised_at, changed_at, event) values ('r', 'river-phu-oc', 'river', 'phu-oc', 'river_level', 3, 3, 4.6, 'm', %s, %s, %s)",
        [NOON - 90 * MINUTE, RISEN, EVENT],
    )
    for seq, (ago, level, value) in enumerate(((90, 1, 1.6), (60, 2, 3.1), (40, 3, 4.6)), 1):
        db.execute(
            "insert into alert_change (alert, seq, at, change, level, previous, value, \"limit\") values ('r', %s, %s, 'worse', %s, %s, %s, %s)",
            [seq, NOON - ago * MINUTE, level, level - 1, value, value],
        )
    db.execute(
        "insert into observation (at, station, parameter, value, unit, flag, seq, received_at) values (%s, 'phu-oc', 'river_level', 4.87, 'm', 1, 1, %s)",
        [NOON - 4 * MINUTE, NOON - 4 * MINUTE],
    )
    for number, contact in enumerate((AN, BINH)):
        db.execute(
            "insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, state, event, place, shown, seqs) values (%s, 'r', 3, %s, 'river', 3, '{sms}', 'sms', 'CANH BAO LU', 'river_rise', %s, 'sent', %s, 'water:phu-oc', '{r}', '{3}')",
            [f"n{number}", contact, Jsonb({"viec_can_lam": ADVICE}), EVENT],
        )
    db.execute(
        "insert into place_state (kind, place, at, state, level, since, datum_at, parameter, value, unit, vi, en) values ('gauge', 'phu-oc', %s, 'danger', 3, %s, %s, 'river_level', 4.87, 'm', 'Phú Ốc 4,87 m', 'Phú Ốc 4.87 m')",
        [NOON, RISEN, NOON - 4 * MINUTE],
    )


@pytest.fixture(scope="module")
def address(admin: str, secrets: dict[str, str]) -> Iterator[str]:
    writer = as_role(admin, secrets, "writer")
    store = PhoneStore(lambda: writer, around(EXAMPLE))
    shown = known_commune(EXAMPLE, Settings(commune=FOLDER), NOON.date())
    ring = EXAMPLE.routing.ring if EXAMPLE.routing else []
    own = Phone(Links(KEY, NAMES), store, Facts(shown, NAMES, ring, FOLDER, EXAMPLE), lambda: NOON)
    for brake in (own._visits, own._answers):
        brake._burst = 1000.0
    with served(application(Shown(storm()), shown, phone=own)) as found:
        yield found


def number(db: psycopg.Connection[Any]) -> int:
    row = db.execute("select number from event").fetchone()
    assert row is not None
    return int(row[0])


def link(db: psycopg.Connection[Any], contact: str = AN) -> str:
    return f"/e/{token(KEY, number(db), contact, ends(clock.system(), 1))}"


def get(address: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(address + path, headers=BROWSER | headers, timeout=60)


def press(address: str, path: str, kind: str = "taken", **fields: object) -> httpx.Response:
    return httpx.post(
        address + path,
        data={"kind": kind, "episode": episode(RISEN), "count": 0} | fields,
        timeout=60,
        follow_redirects=True,
        headers=BROWSER,
    )


def rows(db: psycopg.Connection[Any], query: Any) -> list[tuple[Any, ...]]:
    return db.execute(query).fetchall()


def test_the_page_says_what_the_screens_say(db: psycopg.Connection[Any], address: str) -> None:
    got = get(address, link(db))

    assert got.status_code == 200
    (shown,) = rows(db, f"select value_vi, level_vi from open_alerts_at('{NOON.isoformat()}')")
    for words in ("NGUY HIỂM", shown[0], f"Mực nước {shown[1]}, từ 11:20", "Đo 4 phút trước, lúc 11:56", ADVICE, '<svg class="map"', NAMES[BINH]):  # fmt: skip
        assert words in got.text, words
    assert shown[0] == "4,87 m", "the newest reading, not that of the change"


def test_a_touch_is_one_answer_in_the_store(db: psycopg.Connection[Any], address: str) -> None:
    path = link(db)
    got = press(address, path)
    press(address, path)

    assert "Đã ghi: Đã nhận, tôi đi</b>, lúc 12:00" in got.text
    assert rows(db, "select key, at, way, contact, event, kind, level from answer") == [
        (f"page:{EVENT}:{AN}:taken:{episode(RISEN)}", NOON, "page", AN, EVENT, "taken", 3)
    ]
    assert rows(db, "select contact from notification where answered_at is not null") == [(AN,)]
    assert f"<b>{NAMES[AN]}</b>: Đã nhận, tôi đi, lúc 12:00" in get(address, link(db, BINH)).text


def test_after_a_rise_it_is_asked_for_anew_and_what_was_on_an_old_screen_does_not_count(
    db: psycopg.Connection[Any], address: str
) -> None:
    path = link(db)
    db.execute("update event set risen_at = %s, level = 4", [NOON - MINUTE])
    db.execute(
        "insert into answer (key, at, way, contact, event, kind) values ('k', %s, 'sms', %s, %s, 'taken')",
        [NOON - 10 * MINUTE, AN, EVENT],
    )
    got = press(address, path)

    assert "Lúc 11:50 bạn trả lời: Đã nhận, tôi đi." in got.text
    assert got.text.count("<button") == 3
    assert rows(db, "select count(*) from answer") == [(1,)]
    assert "Đã ghi" in press(address, path, episode=episode(NOON - MINUTE)).text
    assert rows(db, "select count(*) from answer") == [(2,)]


def test_an_answer_by_another_way_is_seen_on_the_page(db: psycopg.Connection[Any], address: str) -> None:
    db.execute(
        "insert into answer (key, at, way, contact, event, kind) values ('k', %s, 'sms', %s, %s, 'taken')",
        [NOON - 10 * MINUTE, AN, EVENT],
    )

    assert "Đã ghi: Đã nhận, tôi đi</b>, lúc 11:50" in get(address, link(db)).text


def test_an_answer_to_what_is_over_is_kept_as_that(db: psycopg.Connection[Any], address: str) -> None:
    path = link(db)
    db.execute("update event set closed_at = %s, level = 0", [NOON - MINUTE])
    db.execute("update alert set level = 0, cleared_at = %s", [NOON - MINUTE])
    got = press(address, path)

    assert "ĐÃ QUA" in got.text
    assert rows(db, "select kind from answer") == [("closed",)]
    assert rows(db, "select count(*) from notification where answered_at is not null") == [(0,)]


def test_what_was_closed_by_name_is_not_over(db: psycopg.Connection[Any], address: str) -> None:
    db.execute("update event set closed_at = %s, level = 0", [NOON - MINUTE])
    db.execute("update alert set level = 0, cleared_at = %s", [NOON - MINUTE])
    db.execute(
        "insert into alert_change (alert, seq, at, change, level, previous, value, \"limit\", evidence) values ('r', 4, %s, 'clear', 0, 3, 0, 0, %s)",
        [NOON - MINUTE, Jsonb([{"vi": f"{CLOSED}trạm Phú Ốc không còn", "en": "closed"}])],
    )

    assert "KHÔNG CÒN THEO DÕI" in get(address, link(db)).text


def test_the_first_look_of_a_person_is_when_it_was_read(db: psycopg.Connection[Any], address: str) -> None:
    path = link(db)
    httpx.head(address + path, headers=BROWSER, timeout=60)
    get(address, path, **{"user-agent": "facebookexternalhit/1.1"})
    assert rows(db, "select count(*) from notification where read_at is not null") == [(0,)]
    get(address, path)
    (first,) = rows(db, "select contact, read_at from notification where read_at is not null")
    get(address, path)

    assert first[0] == AN
    assert rows(db, "select contact, read_at from notification where read_at is not null") == [first]
    assert "đã mở, chưa trả lời" in get(address, link(db, BINH)).text


def test_the_newest_picture_of_the_event_is_shown(db: psycopg.Connection[Any], address: str) -> None:
    assert get(address, f"{link(db)}/anh.jpg").status_code == 404
    for seq in (1, 2):
        db.execute(
            "insert into snapshot (alert, seq, at, camera, people, jpeg) values ('r', %s, %s, 'duong-la-van', 0, %s)",
            [seq, NOON - (5 - seq) * MINUTE, f"jpeg {seq}".encode()],
        )
    db.execute(
        "insert into snapshot (alert, seq, at, camera, people, jpeg) values ('another', 1, %s, 'cho', 3, 'x')", [NOON]
    )  # fmt: skip

    assert get(address, f"{link(db)}/anh.jpg").content == b"jpeg 2"
    assert "chụp 3 phút trước" in get(address, link(db)).text


def test_an_event_that_is_not_kept_any_more_is_audited(db: psycopg.Connection[Any], address: str) -> None:
    path = link(db)
    db.execute("update alert set event = null")
    db.execute("delete from event")

    assert get(address, path).status_code == 404
    assert rows(db, "select source, what, contact from audit") == [("page", "link_without_event", AN)]


def test_a_forged_link_is_audited_without_itself(db: psycopg.Connection[Any], address: str) -> None:
    path = link(db)
    forged = path[:-1] + ("1" if path[-1] != "1" else "2")
    assert get(address, forged).status_code == 403

    ((what, text),) = rows(db, "select what, vi || en from audit")
    assert what == "forged_link"
    assert forged[3:] not in text


def test_a_gauge_of_which_nothing_is_known_now_is_told(db: psycopg.Connection[Any], address: str) -> None:
    db.execute("update place_state set state = 'silent', vi = 'Phú Ốc mất tín hiệu', value = null")

    assert "Hiện nay không rõ.</b> Phú Ốc mất tín hiệu" in get(address, link(db)).text


def test_a_store_that_goes_and_comes_back_is_told_and_known_again(
    db: psycopg.Connection[Any], address: str, server_dsn: str
) -> None:
    path = link(db)
    assert get(address, path).status_code == 200
    with psycopg.connect(server_dsn, autocommit=True) as server:
        server.execute("alter database phone_page allow_connections false")
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'phone_page' and pid <> %s",
            [db.info.backend_pid],
        )
        try:
            gone, pressed = get(address, path), press(address, path)
        finally:
            server.execute("alter database phone_page allow_connections true")

    assert (gone.status_code, pressed.status_code) == (503, 503)
    assert 'href="tel:114"' in gone.text
    assert "CHƯA GHI ĐƯỢC" in pressed.text
    assert get(address, path).status_code == 200
    assert "Đã ghi" in press(address, path).text


class Collected:
    """A sender that keeps what it is asked to send."""

    idempotent = True

    def __init__(self) -> None:
        self.orders: list[Order] = []

    async def send(self, order: Order) -> Sent:
        self.orders.append(order)
        return Sent(Answer.SENT, "100", "", "id")

    async def close(self) -> None:
        pass


def test_what_is_sent_of_an_event_leads_to_its_page_and_a_reply_nowhere(
    db: psycopg.Connection[Any], admin: str, secrets: dict[str, str], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / links.KEY_FILE).write_text(KEY.decode(), encoding="utf-8")
    settings = Settings(secrets=tmp_path, page_public_url="https://x.vn")
    db.execute("update notification set state = 'pending'")
    db.execute("update notification set step = 'reply' where contact = %s", [BINH])
    sender = Collected()

    async def send() -> None:
        dsn = as_role(admin, secrets, "writer")
        async with AsyncConnectionPool(dsn, open=False, kwargs={"autocommit": True}) as pool:
            own = Delivery(settings, {"sms": sender}, pool)
            writing = asyncio.create_task(own._writer.run())
            async with pool.connection() as connection:
                claimed = await outbox.claim(connection, 10, "sms")
                await outbox.begin_attempts(connection, claimed)
            for one in claimed:
                await own._send_one(one)
            writing.cancel()

    asyncio.run(send())
    sent = {one.contact: one.link for one in sender.orders}
    claim = Links(KEY, NAMES).read(sent[AN].removeprefix("https://x.vn/e/"))

    assert sent[BINH] == ""
    assert claim is not None
    assert (claim.number, claim.contact) == (number(db), AN)
    assert timedelta(hours=47) < claim.ends_at - clock.system() <= timedelta(hours=49)
    written = capsys.readouterr()
    assert "asked" in written.out
    assert sent[AN][-20:] not in written.out + written.err
    assert rows(db, "select count(*) from notification where sms_text like '%https%'") == [(0,)]


def test_a_copy_opens_its_page_with_its_own_key(tmp_path: Path) -> None:
    shown = known_commune(EXAMPLE, Settings(commune=FOLDER), NOON.date())
    assert opened(Settings(secrets=tmp_path, commune=FOLDER), EXAMPLE, shown) is None
    (tmp_path / links.KEY_FILE).write_text(KEY.decode(), encoding="utf-8")

    assert opened(Settings(secrets=tmp_path, commune=FOLDER), EXAMPLE, shown) is not None
