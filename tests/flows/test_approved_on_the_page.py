"""From a rise to the loudspeakers with a phone in between: the real store, the announcer, the page, the simulated players."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import psycopg
import pytest

from connectors.clock import system
from connectors.page.application import application, known_commune
from connectors.page.phone.application import Phone
from connectors.page.phone.opening import around
from connectors.page.phone.store import PhoneStore
from connectors.page.phone.views import Facts
from models.alerting.drill import marked
from models.alerting.link import Links, token
from tests.connectors.page.chrome import served
from tests.connectors.page.moments import storm
from tests.connectors.page.phone.events import BROWSER, KEY
from tests.connectors.page.test_application import Shown
from tests.gateways import faults
from tests.loudspeakers import EACH, EVENT, NOW, RISE, House
from tests.messages import AT
from tests.models.cap.story import later

pytestmark = pytest.mark.integration
CHAIR, ROOM, HEAD = "chairman", "control-room", "head-la-van-ha"


class Phones:
    """The page as each contact has it behind the link of an event."""

    def __init__(self, house: House, address: str) -> None:
        self._house, self._address = house, address

    def _link(self, contact: str, event: str) -> str:
        ((number,),) = self._house.rows(f"select number from event where id = '{event}'")
        return f"{self._address}/e/{token(KEY, number, contact, system() + timedelta(hours=1))}"

    def look(self, contact: str = CHAIR, event: str = EVENT) -> str:
        got = httpx.get(self._link(contact, event), headers=BROWSER, timeout=60)
        assert got.status_code == 200, got.text
        return got.text

    def press(
        self, verdict: str = "approved", contact: str = CHAIR, number: int = 1, event: str = EVENT
    ) -> httpx.Response:
        return httpx.post(
            f"{self._link(contact, event)}/loa", data={"announcement": number, "verdict": verdict}, headers=BROWSER, timeout=60,
            follow_redirects=True,
        )  # fmt: skip


@pytest.fixture
def phones(house: House) -> Iterator[Phones]:
    names = {one.id: one.name for one in house.commune.contacts}
    shown = known_commune(house.commune, house.settings, NOW.date())
    store = PhoneStore(lambda: house.settings.dsn("writer"), around(house.commune))
    facts = Facts(shown, names, [], house.settings.commune, house.commune)
    with served(application(Shown(storm()), shown, phone=Phone(Links(KEY, names), store, facts, lambda: NOW))) as address:  # fmt: skip
        yield Phones(house, address)


def test_what_is_approved_on_a_phone_is_played_and_the_page_says_by_whom_and_that_it_was_heard(
    house: House,
    phones: Phones,
) -> None:
    house.rises(RISE)
    house.do("make")
    before = phones.look()
    pressed = phones.press()
    faults(house.address, play_share=0.0)
    house.do("play", "look", "look")
    after = phones.look(HEAD)

    ((text,),) = house.rows("select text from announcement")
    assert f"“{text}”" in before
    assert "Loa đang đợi duyệt" in before
    assert "Chủ tịch xã cho phát, lúc " in pressed.text
    assert "Cho phát <" not in pressed.text
    assert house.heard() == EACH
    assert after.count("đã phát, micrô của loa nghe thấy") == 3


def test_it_is_the_row_and_the_audit_of_the_command_line_but_for_where_it_came_from(
    house: House,
    phones: Phones,
) -> None:
    house.rises(RISE)
    house.do("make")
    phones.press()
    house.rises(later(0.5, 2, 3, 2, value=4.8))
    house.do("make")
    house.phusa("approve", "2", "--by", CHAIR)

    assert house.rows("select state, approved_by, approved_at is not null from announcement") == [("approved", CHAIR, True)] * 2  # fmt: skip
    assert house.rows("select source, what, contact, event from audit order by id") == [
        ("page", "approved", CHAIR, EVENT),
        ("announce", "approved", CHAIR, EVENT),
    ]
    first, second = house.rows("select replace(vi, '1', 'N'), replace(en, '1', 'N') from audit where source = 'page' union all select replace(vi, '2', 'N'), replace(en, '2', 'N') from audit where source = 'announce'")  # fmt: skip
    assert first == second


def test_two_who_press_at_once_are_one_approval_and_each_loudspeaker_plays_once(
    house: House,
    phones: Phones,
) -> None:
    house.rises(RISE)
    house.do("make")
    with ThreadPoolExecutor(4) as hands:
        found = list(hands.map(lambda who: phones.press(contact=who).status_code, [CHAIR, ROOM, CHAIR, ROOM]))
    house.do("play", "play")

    assert sorted(found) == [200, 200, 409, 409]
    assert house.rows("select count(*) from audit") == [(1,)]
    assert house.heard() == EACH


def test_what_is_refused_on_a_phone_is_not_played(house: House, phones: Phones) -> None:
    house.rises(RISE)
    house.do("make")
    pressed = phones.press("refused")
    house.do("make", "play")

    assert "Chủ tịch xã không cho phát, lúc " in pressed.text
    assert house.rows("select state, refused_by from announcement") == [("refused", CHAIR)]
    assert house.rows("select source, what from audit") == [("page", "refused")]
    assert house.heard() == []


def _head(phones: Phones, _house: House) -> httpx.Response:
    return phones.press(contact=HEAD)


def _of_another_event(phones: Phones, house: House) -> httpx.Response:
    query = "insert into event (id, place, opened_at, risen_at, level, peak_level) values ('fish:bo@1', 'fish:bo', %s, %s, 2, 2)"
    with psycopg.connect(house.admin, options="-c search_path=phusa") as db:
        db.execute(query, [AT, AT])
    return phones.press(event="fish:bo@1")


def _overtaken(phones: Phones, house: House) -> httpx.Response:
    house.rises(later(0.5, 2, 3, 2, value=4.8))
    house.do("make")
    return phones.press()


def _too_old(phones: Phones, house: House) -> httpx.Response:
    house.do("make", later_by=timedelta(hours=1, seconds=1))
    return phones.press()


def _over(phones: Phones, house: House) -> httpx.Response:
    house.ends(later(0, 2, 0, 2, value=1.2))
    return phones.press()


NOT_HIS: dict[str, tuple[Callable[[Phones, House], httpx.Response], int]] = {
    "who may not": (_head, 403),
    "by the link of another event": (_of_another_event, 409),
    "overtaken meanwhile": (_overtaken, 409),
    "too old": (_too_old, 409),
    "its event is over": (_over, 409),
}


@pytest.mark.parametrize(("press", "status"), NOT_HIS.values(), ids=NOT_HIS)
def test_what_may_not_be_approved_is_told_and_stays_silent(
    press: Callable[[Phones, House], httpx.Response],
    status: int,
    house: House,
    phones: Phones,
) -> None:
    house.rises(RISE)
    house.do("make")
    got = press(phones, house)
    house.do("play")

    assert got.status_code == status
    assert house.rows("select count(*) from announcement where approved_by is not null") == [(0,)]
    assert house.heard() == []


def test_the_end_is_approved_on_the_page_of_the_event_that_is_over(house: House, phones: Phones) -> None:
    house.rises(RISE)
    house.do("make")
    phones.press()
    house.ends(later(0, 2, 0, 2, value=1.2))
    house.do("make")

    assert "Hết cảnh báo lũ" in phones.look()
    assert phones.press(number=2).status_code == 200
    assert house.states() == ["approved", "approved"]


def test_what_a_person_asked_for_is_approved_by_another_behind_any_link(house: House, phones: Phones) -> None:
    house.rises(RISE)
    said = house.phusa("say", "Chiều nay họp dân.", "--hamlet", "la-van-ha", "--by", ROOM)
    own, other, head = phones.look(ROOM), phones.look(CHAIR), phones.look(HEAD)
    refused, pressed = phones.press(contact=ROOM), phones.press()

    assert "Duyệt được (who may): Chủ tịch xã (chairman)" in said.output
    assert "Loa đợi trực ban hoặc chủ tịch xã duyệt" in own
    assert "Phòng điều hành yêu cầu." in other
    assert "họp dân" not in head
    assert refused.status_code == 409
    assert "Chủ tịch xã cho phát" in pressed.text


def test_the_page_of_a_drill_shows_no_real_announcement_of_a_person(house: House, phones: Phones) -> None:
    house.drills(later(0, 1, 3, 0, value=4.8), [], real=True)
    house.do("make")
    house.phusa("say", "Chiều nay họp dân.", "--by", ROOM)
    text = phones.look(event=marked(1, EVENT))

    assert "họp dân" not in text
    assert text.count(">Cho phát <") == 1
    assert "<b>DIỄN TẬP</b>" in text
