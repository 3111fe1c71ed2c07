"""The phone page's answers, without a browser and without a store."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from httpx import Response
from starlette.testclient import TestClient

from connectors.page.application import application
from connectors.page.phone import playbook
from connectors.page.phone.situation import Situation
from models.alerting.event import AnswerKind
from models.alerting.offering import MOST, episode
from models.catalogue.states import STATES, State
from tests.connectors.page.moments import MINUTE, NOON, place, storm
from tests.connectors.page.phone.events import (
    ADVICE,
    AN,
    BROWSER,
    NAMES,
    WALL,
    Kept,
    alert,
    answer,
    event,
    link,
    phone,
    situation,
)
from tests.connectors.page.test_application import COMMUNE, Shown

EPISODE = episode(NOON - 40 * MINUTE)
GREEN = f"state-{State.NORMAL}"


def client(store: Kept, folder: Path = Path("no folder")) -> TestClient:
    made = application(Shown(storm()), COMMUNE, phone=phone(store, folder))
    return TestClient(
        made, client=("203.0.113.7", 1234), headers=BROWSER, follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


def shown(known: Situation) -> str:
    got = client(Kept(known)).get(link())
    assert got.status_code == 200
    return got.text


def press(own: TestClient, kind: str, **fields: object) -> Response:
    return own.post(link(), data={"kind": kind, "episode": EPISODE, "count": 0} | fields)


def test_the_page_says_how_it_is_where_how_much_since_when_how_old_and_what_to_do() -> None:
    text = shown(situation())

    for words in ("NGUY HIỂM", "Phú Ốc", "<p>Mực nước sông</p>", ">4,87 m</p>", "Mực nước BĐ3, từ 11:20", "Đo 4 phút trước, lúc 11:56", ADVICE):  # fmt: skip
        assert words in text, words
    assert 'class="big state-danger"' in text
    assert "<script" not in text


def test_who_was_told_is_told_by_their_role_with_what_they_answered() -> None:
    text = shown(situation())

    assert "<b>Phòng điều hành</b>: Đã nhận, tôi đi, lúc 11:40" in text
    assert "<b>Hợp tác xã nuôi cá lồng</b>: đã gửi, chưa trả lời" in text
    assert "<b>Trưởng thôn Phước Yên</b>: chưa gửi được" in text
    assert "<b>Trưởng thôn La Vân Hạ</b> (bạn): máy đã nhận, chưa trả lời" in text


UNKNOWN = [
    ("an open event without an alert", situation(alerts=[], places=[], event=event(level=0)), "KHÔNG RÕ"),
    (
        "a station that is silent",
        situation(alerts=[alert(kind="silent", kind_vi="mất tín hiệu", state="silent", value_vi="90 phút", datum_at=None)]),
        "MẤT TÍN HIỆU",
    ),
    ("a state that nobody knows", situation(alerts=[alert(state="splendid")]), "KHÔNG TIN ĐƯỢC"),
    ("closed by name", situation(alerts=[], event=event(level=0, closed_at=NOON), unwatched=True), "KHÔNG CÒN THEO DÕI"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "known", "word"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_what_is_not_known_is_said_and_is_never_green(name: str, known: Situation, word: str) -> None:
    text = shown(known)

    assert f"{word}</h1>" in text.replace("</svg> ", "</svg>").replace("\n", ""), name
    assert GREEN not in text
    assert any(f'class="big state-{one.code}"' in text for one in STATES.values() if not one.known)


def test_a_gauge_that_is_silent_now_is_told_beside_the_danger_of_before() -> None:
    silent = place(state="silent", vi="Phú Ốc mất tín hiệu từ 10:30, số cuối 4,87 m")
    text = shown(situation(places=[silent]))

    assert "Hiện nay không rõ.</b> Phú Ốc mất tín hiệu từ 10:30" in text
    assert 'class="big state-danger"' in text


def test_without_alerts_that_can_be_read_the_level_of_the_event_counts() -> None:
    assert 'class="big state-warning"' in shown(situation(alerts=[], event=event(level=2)))


def test_an_event_that_is_over_says_so_and_offers_nothing() -> None:
    text = shown(situation(alerts=[], event=event(level=0, closed_at=NOON - MINUTE)))

    assert "ĐÃ QUA</h1>" in text
    assert "Từ 10:30 đến 11:59, cao nhất mức 3" in text
    assert "<button" not in text
    assert "Cần làm gì" not in text
    assert GREEN not in text


def test_an_exercise_says_so_before_all_else() -> None:
    text = shown(situation(event=event(exercise=True)))

    assert text.index("DIỄN TẬP") < text.index("NGUY HIỂM</h1>")


def test_looking_never_answers() -> None:
    store = Kept(situation())
    own = client(store)
    for path in (link(), f"{link()}?kind=taken&episode={EPISODE}", f"{link()}/anh.jpg"):
        own.get(path)
        own.head(path)

    assert store.answers == {}


@pytest.mark.parametrize("kind", ["taken", "false", "help"])
def test_a_button_is_an_answer_of_the_contact_and_the_page_shows_it(kind: str) -> None:
    store = Kept(situation())
    own = client(store)
    got = press(own, kind)

    assert (got.status_code, got.headers["location"]) == (303, link())
    (stored,) = store.answers.values()
    assert (stored.contact, stored.event, stored.kind, stored.at, stored.level) == (AN, "water:ven-song@1", AnswerKind(kind), NOON, 3)  # fmt: skip
    assert stored.key == f"page:water:ven-song@1:{AN}:{kind}:{EPISODE}"
    text = own.get(link()).text
    assert "Đã ghi: " in text
    assert f'value="{kind}"' not in text
    assert text.count("<button") == 2


def test_a_button_pressed_twice_is_one_answer_and_a_change_of_mind_another() -> None:
    store = Kept(situation())
    own = client(store)
    press(own, "taken")
    press(own, "taken")
    assert len(store.answers) == 1
    press(own, "false", count=1)
    press(own, "taken", count=2)

    assert [one.kind for one in store.answers.values()] == ["taken", "false", "taken"]


def test_after_a_rise_the_buttons_are_offered_anew_with_what_was_answered_before() -> None:
    text = shown(situation(answers=[answer(ago=50 * MINUTE)]))

    assert "Lúc 11:10 bạn trả lời: Đã nhận, tôi đi." in text
    assert "Từ 11:20 tình hình đã tăng: hãy trả lời lại." in text
    assert text.count("<button") == 3
    assert "Đã ghi" not in text


def test_an_answer_to_what_was_before_a_rise_is_not_taken_and_is_asked_for_anew() -> None:
    store = Kept(situation())
    own = client(store)
    got = press(own, "taken", episode=EPISODE - 60_000)

    assert (got.status_code, got.headers["location"]) == (303, f"{link()}?risen=1")
    assert store.answers == {}
    again = own.get(got.headers["location"])
    assert "Tình hình đã tăng sau khi bạn mở trang" in again.text
    assert again.headers["refresh"] == f"60; url={link()}", "once is enough"


def test_what_was_answered_too_often_is_offered_no_more() -> None:
    many = [answer("taken" if n % 2 else "false", ago=MINUTE + n * timedelta(seconds=1)) for n in range(MOST)]

    assert "<button" not in shown(situation(answers=many))


BAD = [
    ("nothing", b"", 400),
    ("no kind", b"episode=1", 400),
    ("a kind that nobody may answer", b"kind=closed", 400),
    ("a kind that there is not", b"kind=perhaps", 400),
    ("an episode that is no number", b"kind=taken&episode=now", 400),
    ("a count beyond all", f"kind=taken&count={MOST}".encode(), 400),
    ("a count below nothing", b"kind=taken&count=-1", 400),
    ("bytes that are no text", b"kind=\xff", 400),
    ("a figure of another script", "kind=taken&count=٣".encode(), 400),
    ("very many fields", b"&".join(b"a=1" for _ in range(50)), 400),
    ("more than two thousand bytes", b"kind=taken&x=" + b"a" * 2048, 413),
]


@pytest.mark.parametrize(("name", "body", "status"), BAD, ids=[row[0] for row in BAD])
def test_a_body_that_is_no_answer_stores_nothing_and_says_so(name: str, body: bytes, status: int) -> None:
    store = Kept(situation())
    got = client(store).post(
        link(), content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert got.status_code == status, name
    assert "KHÔNG ĐỌC ĐƯỢC CÂU TRẢ LỜI" in got.text
    assert store.answers == {}


def test_an_answer_that_is_no_form_is_refused() -> None:
    store = Kept(situation())

    assert client(store).post(link(), json={"kind": "taken"}).status_code == 400
    assert store.answers == {}


def test_a_link_that_is_pressed_again_and_again_is_held() -> None:
    store = Kept(situation())
    own = client(store)
    found = [press(own, "taken").status_code for _ in range(12)]

    assert found[:10] == [303] * 10
    assert found[10:] == [429] * 2


REFUSED = [
    ("wrong signature", link()[:-1] + ("1" if link()[-1] != "1" else "2"), 403, "LINK KHÔNG DÙNG ĐƯỢC", "forged_link", None),
    ("wrong length", link()[:-1], 403, "LINK KHÔNG DÙNG ĐƯỢC", "forged_link", None),
    ("other characters", "/e/<b>xin-chao", 403, "LINK KHÔNG DÙNG ĐƯỢC", "forged_link", None),
    ("no contact any more", link(contact="gone"), 403, "LINK KHÔNG DÙNG ĐƯỢC", "forged_link", None),
    ("after its end", link(ends_at=WALL), 410, "LINK HẾT HẠN", "ended_link", AN),
    ("an event that there is not", link(number=13), 404, "KHÔNG CÓ SỰ KIỆN NÀY", "link_without_event", AN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "status", "words", "what", "who"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_a_link_that_cannot_be_used_says_why_and_is_audited_without_itself(
    name: str, path: str, status: int, words: str, what: str, who: str | None
) -> None:
    store = Kept(situation())
    own = client(store)
    got = own.get(path)

    assert got.status_code == status, name
    assert words in got.text
    assert "Phú Ốc" not in got.text
    assert 'href="tel:114"' in got.text
    (remark,) = store.remarks
    assert (remark.what, remark.contact) == (what, who)
    assert path.rpartition("/")[2] not in str(msgspec.to_builtins(remark))
    assert "<b>xin" not in got.text


def test_a_stranger_who_guesses_is_slowed_and_does_not_slow_who_has_a_link() -> None:
    store = Kept(situation())
    own = client(store)
    statuses = [own.get(f"/e/{'0' * 20}{n:03d}").status_code for n in range(40)]

    assert statuses[:30] == [403] * 30
    assert set(statuses[30:]) == {429}
    assert len(store.remarks) == 30
    assert own.get(link()).status_code == 200, "from the same address"


def test_a_store_that_is_away_is_told_plainly_with_the_numbers_to_ring() -> None:
    store = Kept(situation())
    store.gone = True
    got = client(store).get(link())

    assert got.status_code == 503
    assert "KHÔNG BIẾT TÌNH HÌNH" in got.text
    assert "Không có nghĩa là an toàn" in got.text
    assert [f'href="tel:{number}"' in got.text for number in ("114", "112")] == [True, True]
    assert "<button" not in got.text
    assert got.headers["refresh"] == "60"


def test_an_answer_that_could_not_be_stored_says_so_and_is_not_sent_again_by_itself() -> None:
    store = Kept(situation())
    store.gone = True
    got = press(client(store), "taken")

    assert got.status_code == 503
    assert "CHƯA GHI ĐƯỢC" in got.text
    assert f'href="{link()}"' in got.text
    assert "refresh" not in got.headers


def test_a_forged_link_is_refused_also_while_the_store_is_away() -> None:
    store = Kept(situation())
    store.gone = True

    assert client(store).get("/e/" + "0" * 23).status_code == 403


READERS = [
    ("a browser", {}, True),
    ("Zalo's own browser", {"user-agent": "Mozilla/5.0 (Linux; Android 13; wv) Chrome/128.0 Mobile Safari/537.36 Zalo android/12100630 ZaloTheme/light ZaloLanguage/vi"}, True),
    ("UC Browser", {"user-agent": "UCWEB/2.0 (Java; U; MIDP-2.0; vi; nokia105) U2/1.0.0 UCBrowser/9.4"}, True),
    ("Facebook's preview", {"user-agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"}, False),
    ("Telegram's preview", {"user-agent": "TelegramBot (like TwitterBot)"}, False),
    ("WhatsApp's preview", {"user-agent": "WhatsApp/2.23.20.0"}, False),
    ("a preview that looks like a browser", {"accept": "*/*"}, False),
    ("a program", {"user-agent": "python-requests/2.31"}, False),
    ("nobody", {"user-agent": ""}, False),
    ("a browser that loads beforehand", {"sec-purpose": "prefetch;prerender"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "headers", "reads"), READERS, ids=[row[0] for row in READERS])
def test_only_a_person_who_looks_has_read_it(name: str, headers: dict[str, str], reads: bool) -> None:
    store = Kept(situation())
    own = client(store)
    own.head(link())
    assert own.get(link(), headers=headers).status_code == 200

    assert store.opened_by == ([AN] if reads else []), name


def test_what_was_read_before_is_not_written_again() -> None:
    store = Kept(situation(people=[msgspec.structs.replace(situation().people[0], read=True)]))
    client(store).get(link())

    assert store.opened_by == []


@pytest.mark.parametrize("path", [link(), f"{link()}?still=1", "/e/" + "0" * 23, f"{link()}/anh.jpg", f"{link()}/nothing"])  # fmt: skip
def test_no_answer_gives_the_link_away(path: str) -> None:
    got = client(Kept(situation())).get(path)

    assert got.headers["referrer-policy"] == "no-referrer"
    assert got.headers["x-robots-tag"] == "noindex"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "form-action 'self'" in got.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
    assert "public" not in got.headers["cache-control"]


def test_nothing_of_a_link_stands_in_a_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    store = Kept(situation())
    own = client(store)
    paths = (link(), link(number=13), link(ends_at=WALL), link()[:-1])
    for path in paths:
        own.get(path)
        own.post(path, data={"kind": "taken"})
    store.gone = True
    own.get(link())
    written = capsys.readouterr()
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "asyncio"))]

    assert "link_refused" in written.out
    for path in paths:
        assert path.rpartition("/")[2] not in "\n".join([written.out, written.err, *ours])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_none(method: str) -> None:
    assert client(Kept(situation())).request(method, link()).status_code == 405


def test_head_has_the_headers_and_no_body() -> None:
    got = client(Kept(situation())).head(link())

    assert (got.status_code, got.content) == (200, b"")


def test_the_picture_is_the_events_and_may_be_kept_by_its_phone_alone() -> None:
    store = Kept(situation())
    got = client(store).get(f"{link()}/anh.jpg")

    assert (got.status_code, got.content, got.headers["content-type"]) == (200, store.jpeg, "image/jpeg")
    assert got.headers["cache-control"] == "private, max-age=3600"
    assert f'src="{link()}/anh.jpg?{round((NOON - 3 * MINUTE).timestamp())}"' in shown(situation())
    assert client(Kept(situation(photograph=None))).get(f"{link()}/anh.jpg").status_code == 404
    assert "<img" not in shown(situation(photograph=None))
    assert client(store).get("/e/" + "0" * 23 + "/anh.jpg").status_code == 403


def test_the_page_loads_itself_again_until_it_is_stopped_or_over() -> None:
    own = client(Kept(situation()))

    assert own.get(link()).headers["refresh"] == f"60; url={link()}"
    assert "refresh" not in own.get(f"{link()}?still=1").headers
    assert f'href="{link()}?still=1"' in own.get(link()).text
    over = client(Kept(situation(event=event(closed_at=NOON))))
    assert "refresh" not in over.get(link()).headers


def test_the_whole_page_is_small_enough_for_an_old_phone_on_an_old_network() -> None:
    own = client(Kept(situation()))
    css = own.get("/static/phone.css").content

    assert len(css) <= 8 * 1024
    assert len(own.get(link()).content) + len(css) <= 30 * 1024
    assert b"grid" not in css.split(b"*/", 1)[1]
    assert b"flex" not in css.split(b"*/", 1)[1]
    assert b"var(" not in css


GUIDE = "# Sông trên báo động 3\n\n## Làm ngay\n- Dời ngay <b>mọi</b> người.\n\n## Gọi ai\n- **114**: cứu người ![x](http://a/b.png)\n- [x](javascript:alert(1))\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / playbook.FOLDER).mkdir()
    (tmp_path / playbook.FOLDER / "river-2.md").write_text(GUIDE, encoding="utf-8")
    return tmp_path


def test_what_to_do_is_a_page_of_the_playbook_where_there_is_one(folder: Path) -> None:
    own = client(Kept(situation()), folder)
    assert f'href="{link()}/lam-gi"' in own.get(link()).text
    got = own.get(f"{link()}/lam-gi")

    assert got.status_code == 200
    assert "<h1>Sông trên báo động 3</h1>" in got.text, "of the next lower level"
    assert '<a class="call" href="tel:114">114</a>' in got.text
    assert "&lt;b&gt;mọi" in got.text
    assert "<img" not in got.text
    assert 'href="javascript' not in got.text
    assert f'href="{link()}"' in got.text


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        pytest.param("river", 1, id="no page so low"),
        pytest.param("rain", 3, id="no page of the kind"),
        pytest.param("../river", 2, id="no kind at all"),
        pytest.param("river", 0, id="no level"),
    ],
)
def test_without_a_page_of_the_playbook_there_is_no_link_to_it(kind: str, level: int, folder: Path) -> None:
    own = client(Kept(situation(alerts=[alert(kind=kind, level=level)])), folder)

    assert "lam-gi" not in own.get(link()).text
    assert own.get(f"{link()}/lam-gi").status_code == 404


def test_a_page_of_the_playbook_that_is_too_long_ends_at_a_line(tmp_path: Path) -> None:
    (tmp_path / playbook.FOLDER).mkdir()
    (tmp_path / playbook.FOLDER / "river-3.md").write_text("- một việc\n" * 5000, encoding="utf-8")
    text = playbook.page(tmp_path, "river", 3)

    assert text is not None
    assert len(text.encode()) <= playbook.LARGEST
    assert text.endswith("- một việc")


def test_names_and_words_of_markup_are_text() -> None:
    evil = '"><script>alert(1)</script>'
    known = situation(alerts=[alert(name=evil, value_vi=evil)], advice=evil, places=[place(evil, vi=evil)])

    assert "<script" not in shown(known)


def test_only_the_phone_pages_may_send_a_form() -> None:
    own = client(Kept(situation()))

    assert "form-action 'none'" in own.get("/").headers["content-security-policy"]


def test_without_a_key_there_is_no_phone_page() -> None:
    own = TestClient(application(Shown(storm()), COMMUNE))

    assert own.get(link()).status_code == 404


def test_every_contact_has_a_name_of_a_role() -> None:
    assert f"Link này của riêng {NAMES[AN]}" in shown(situation())
