"""The loudspeakers on the phone page, without a browser and without a store: who sees what, and what a press does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx import Response
from starlette.testclient import TestClient

from connectors.page.application import application
from connectors.page.phone.situation import Announced
from models.alerting.announcement import PLATFORM
from models.alerting.approval import Standing
from models.alerting.playing import NOT_HEARD
from tests.connectors.page.moments import MINUTE, NOON, storm
from tests.connectors.page.phone.events import (
    AN,
    BROWSER,
    CHAIR,
    NUMBER,
    NUMBER_OF_SPEECH,
    ROOM,
    SPEECH,
    WALL,
    Kept,
    announced,
    approved,
    event,
    link,
    phone,
    situation,
)
from tests.connectors.page.test_application import COMMUNE, Shown

HEADING = "Loa đang đợi duyệt"


def kept(*some: Announced, **changed: object) -> Kept:
    return Kept(situation(announced=list(some), **changed))


def client(store: Kept) -> TestClient:
    made = application(Shown(storm()), COMMUNE, phone=phone(store))
    return TestClient(
        made, client=("203.0.113.7", 1234), headers=BROWSER, follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


def shown(*some: Announced, contact: str = CHAIR) -> str:
    got = client(kept(*some)).get(link(contact=contact))
    assert got.status_code == 200
    return got.text


def press(
    own: TestClient, verdict: str = "approved", contact: str = CHAIR, number: int = NUMBER_OF_SPEECH
) -> Response:
    return own.post(f"{link(contact=contact)}/loa", data={"announcement": number, "verdict": verdict})


def test_who_may_approve_reads_what_will_be_spoken_where_how_long_and_until_when_he_may() -> None:
    text = shown(announced())

    for words in (HEADING, f"“{SPEECH}”", "Nghe được: <b>La Vân Hạ</b>", "Không có loa: Niêm Phò", "Dài 14 giây", "Duyệt chậm nhất 12:40", ">Cho phát <", ">Không phát <"):  # fmt: skip
        assert words in text, words
    assert "<script" not in text


def test_a_hamlet_that_shares_a_loudspeaker_hears_it_too() -> None:
    assert "Nghe được: <b>Phước Yên, Lương Cổ</b>" in shown(announced(hamlets=["luong-co"]))


def test_where_no_loudspeaker_is_heard_it_says_so() -> None:
    assert "Không thôn nào có loa nghe được" in shown(announced(hamlets=["niem-pho"]))


def test_who_may_not_reads_for_whom_it_waits_and_gets_no_button() -> None:
    text = shown(announced(), contact=AN)

    assert "Loa đợi trực ban hoặc chủ tịch xã duyệt, chậm nhất 12:40." in text
    assert HEADING not in text
    assert "Cho phát" not in text
    assert SPEECH not in text


def test_where_it_is_not_for_his_hamlet_he_reads_nothing_of_it() -> None:
    assert "Loa" not in shown(announced(hamlets=["niem-pho"]), contact=AN)


def test_what_a_person_asked_for_is_shown_with_his_name_to_who_may_approve() -> None:
    text = shown(announced(event=None, asked_by=ROOM))

    assert "Phòng điều hành yêu cầu." in text
    assert HEADING in text


def test_who_asked_sees_for_whom_it_waits_and_gets_no_button() -> None:
    text = shown(announced(event=None, asked_by=CHAIR))

    assert "Loa đợi trực ban hoặc chủ tịch xã duyệt" in text
    assert "Cho phát" not in text


def test_a_drill_says_so_above_its_words() -> None:
    text = shown(announced(exercise=True))

    assert text.index("<b>DIỄN TẬP</b>") < text.index(SPEECH)


def test_the_end_of_an_event_is_approved_on_the_page_of_what_is_over() -> None:
    store = kept(announced(), alerts=[], event=event(level=0, closed_at=NOON - MINUTE))

    assert "Cho phát" in client(store).get(link(contact=CHAIR)).text


NOT_OFFERED = {
    "too old": announced(expires_at=WALL),
    "its event is over": announced(over=True),
    "overtaken": announced(state=Standing.OVERTAKEN),
    "approved": approved(),
}


@pytest.mark.parametrize("one", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_what_cannot_be_approved_has_no_button(one: Announced) -> None:
    text = shown(one)

    assert HEADING not in text
    assert "Cho phát" not in text


DECIDED = {
    "approved": (approved(), "Phòng điều hành cho phát, lúc 11:55."),
    "refused": (approved(state=Standing.REFUSED), "Phòng điều hành không cho phát, lúc 11:55."),
    "unasked": (approved(decided_by=PLATFORM), "Tự phát theo cấu hình của xã, lúc 11:55."),
    "by somebody who is no contact any more": (approved(decided_by="gone"), "gone cho phát, lúc 11:55."),
    "nobody did": (announced(expires_at=WALL), "Không ai duyệt trước 12:00, không phát."),
}


@pytest.mark.parametrize(("one", "said"), DECIDED.values(), ids=DECIDED)
@pytest.mark.parametrize("contact", [CHAIR, AN])
def test_who_decided_is_said_to_all(one: Announced, said: str, contact: str) -> None:
    assert f"<b>{said}</b>" in shown(one, contact=contact)


def test_what_became_of_each_loudspeaker_is_said() -> None:
    text = shown(approved(("heard", ""), ("played", NOT_HEARD), ("doubt", "x")))

    assert "<b>Loa La Vân Hạ</b>: đã phát, micrô của loa nghe thấy" in text
    assert "<b>Loa La Vân Thượng</b>: báo là đã phát, nhưng micrô của loa KHÔNG nghe thấy" in text
    assert "<b>Loa Phước Yên và Lương Cổ</b>: KHÔNG RÕ đã phát chưa" in text


def test_what_no_loudspeaker_plays_is_said() -> None:
    assert "Không thôn nào có loa nghe được" in shown(approved())


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("approved", "Chủ tịch xã cho phát, lúc 12:00"), ("refused", "Chủ tịch xã không cho phát, lúc 12:00")],
)
def test_a_press_is_a_decision_of_the_contact_and_the_page_says_it(verdict: str, said: str) -> None:
    store = kept(announced())
    own = client(store)
    got = press(own, verdict)

    assert (got.status_code, got.headers["location"]) == (303, link(contact=CHAIR))
    (one,) = store.decisions
    assert (one.announcement, one.who.id, one.verdict, one.source, one.event) == (NUMBER_OF_SPEECH, CHAIR, verdict, "page", NUMBER)  # fmt: skip
    assert said in own.get(link(contact=CHAIR)).text


def test_a_press_twice_is_once() -> None:
    store = kept(announced())
    own = client(store)
    found = [press(own).status_code for _ in range(2)]

    assert found == [303, 303]
    assert len(store.decisions) == 1


def test_another_mind_than_that_which_was_said_changes_nothing_and_is_told() -> None:
    store = kept(announced())
    own = client(store)
    press(own)
    got = press(own, "refused")

    assert got.status_code == 409
    assert "Lời số 7 đã được duyệt." in got.text
    assert [one.verdict for one in store.decisions] == ["approved"]


REFUSED = {
    "too old": (announced(expires_at=WALL), CHAIR, 409, "đã quá cũ để phát"),
    "overtaken": (announced(state=Standing.OVERTAKEN), CHAIR, 409, "đã có tin mới hơn"),
    "its event is over": (announced(over=True), CHAIR, 409, "sự việc đã qua"),
    "another was first": (approved(), CHAIR, 409, "đã được duyệt"),
    "who asked": (announced(asked_by=CHAIR), CHAIR, 409, "cần một người khác duyệt"),
    "who may not": (announced(), AN, 403, "BẠN KHÔNG DUYỆT ĐƯỢC"),
}


@pytest.mark.parametrize(("one", "contact", "status", "said"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("verdict", ["approved", "refused"])
def test_who_or_what_may_not_is_told_why_and_nothing_is_decided(
    one: Announced, contact: str, status: int, said: str, verdict: str
) -> None:
    store = kept(one)
    got = press(client(store), verdict, contact)

    assert got.status_code == status
    assert said in got.text
    assert f'href="{link(contact=contact)}"' in got.text or status == 403
    assert store.decisions == []


def test_who_may_not_and_presses_all_the_same_is_audited() -> None:
    store = kept(announced())
    press(client(store), contact=AN)

    assert [(one.what, one.contact) for one in store.remarks] == [("no_approver", AN)]


def test_an_announcement_that_there_is_not_is_told() -> None:
    assert press(client(kept(announced())), number=8).status_code == 409


LINKS = {
    "forged": (link(contact=CHAIR)[:-1] + "é", 403, "forged_link"),
    "ended": (link(contact=CHAIR, ends_at=WALL), 410, "ended_link"),
    "no such event": (link(number=13, contact=CHAIR), 404, "link_without_event"),
}


@pytest.mark.parametrize(("path", "status", "what"), LINKS.values(), ids=LINKS)
def test_a_link_that_cannot_be_used_decides_nothing_and_is_audited(path: str, status: int, what: str) -> None:
    store = kept(announced())
    got = client(store).post(f"{path}/loa", data={"announcement": NUMBER_OF_SPEECH, "verdict": "approved"})

    assert got.status_code == status
    assert [one.what for one in store.remarks] == [what]
    assert store.decisions == []


BAD = {
    "nothing": (b"", 400),
    "no number": (b"verdict=approved", 400),
    "no verdict": (b"announcement=7", 400),
    "a state that nobody may say": (b"announcement=7&verdict=expired", 400),
    "a verdict that there is not": (b"announcement=7&verdict=perhaps", 400),
    "a number that is none": (b"announcement=x&verdict=approved", 400),
    "a number below all": (b"announcement=0&verdict=approved", 400),
    "a number beyond all": (b"announcement=99999999999999999999&verdict=approved", 400),
    "bytes that are no text": (b"announcement=7&verdict=\xff", 400),
    "more than two thousand bytes": (b"announcement=7&verdict=approved&x=" + b"a" * 2048, 413),
}


@pytest.mark.parametrize(("body", "status"), BAD.values(), ids=BAD)
def test_a_body_that_is_no_verdict_decides_nothing(body: bytes, status: int) -> None:
    store = kept(announced())
    got = client(store).post(
        f"{link(contact=CHAIR)}/loa",
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert got.status_code == status
    assert store.decisions == []


def test_a_verdict_that_is_no_form_is_refused() -> None:
    got = client(kept(announced())).post(
        f"{link(contact=CHAIR)}/loa", json={"announcement": NUMBER_OF_SPEECH, "verdict": "approved"}
    )

    assert got.status_code == 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_looking_and_other_methods_decide_nothing(method: str) -> None:
    store = kept(announced())
    path = f"{link(contact=CHAIR)}/loa?announcement={NUMBER_OF_SPEECH}&verdict=approved"

    assert client(store).request(method, path).status_code == 405
    assert store.decisions == []


def test_a_link_that_is_pressed_again_and_again_is_held_together_with_its_answers() -> None:
    own = client(kept(announced()))
    found = [press(own).status_code for _ in range(11)]

    assert found == [303] * 10 + [429]
    assert own.post(link(contact=CHAIR), data={"kind": "taken"}).status_code == 429


def test_a_store_that_is_away_is_told_and_the_press_is_not_sent_again_by_itself() -> None:
    store = kept(announced())
    store.gone = True
    got = press(client(store))

    assert got.status_code == 503
    assert "CHƯA GHI ĐƯỢC" in got.text
    assert "Loa chưa nhận được quyết định của bạn" in got.text
    assert "refresh" not in got.headers


def test_words_and_names_of_markup_are_text() -> None:
    evil = '"><script>alert(1)</script>'

    assert "<script" not in shown(announced(text=evil, asked_by=evil, event=None), approved(text=evil, id=8))


@pytest.mark.parametrize(("contact", "said"), [(CHAIR, True), (AN, False)])
def test_who_may_approve_is_told_what_his_link_can_do(contact: str, said: bool) -> None:
    assert ("và cho loa phát được thay bạn" in shown(contact=contact)) == said


def test_no_answer_gives_the_link_away() -> None:
    got = press(client(kept(announced())))

    assert got.headers["referrer-policy"] == "no-referrer"
    assert got.headers["cache-control"] == "no-store"


def test_with_many_announcements_the_page_is_small_all_the_same() -> None:
    many = [announced(id=n) for n in range(3)] + [approved(("heard", ""), ("sent", ""), ("doubt", ""), id=n) for n in range(3, 6)]  # fmt: skip
    own = client(kept(*many))
    css = own.get("/static/phone.css").content

    assert len(own.get(link(contact=CHAIR)).content) + len(css) <= 30 * 1024


def test_until_when_it_may_be_approved_names_the_day_where_it_is_another() -> None:
    assert "Duyệt chậm nhất 00:30 26/11" in shown(announced(expires_at=WALL + timedelta(hours=12.5)))
