"""Answers in the real store: one a key, one step, one polite reply; what is no answer changes nothing that counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from connectors.timescale import answers, outbox
from connectors.timescale.alerts import AlertWriter
from flows.alerts import Notifying
from models.alerting.alert import Change
from models.alerting.delivery import Step
from models.alerting.drill import marked
from models.alerting.event import AnswerKind
from models.alerting.intake import Intake
from models.alerting.said import Said, Taken
from models.alerting.sending import Answer, Sent
from tests import answering
from tests.answering import ANSWERS, MARKET, NOTES, REPLIES, STEPS, close, event, rows, said, take
from tests.messages import AT, change, place
from tests.messages import contact as configured
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

TAKEN, FALSE, HELP = AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP


@pytest.fixture(scope="module")
def store(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """A store for all of this module's tests; the DSN of its administrator."""
    with empty_store(server_dsn, secrets, "test_answers") as admin:
        yield admin


@pytest.fixture
def dsn(store: str, secrets: dict[str, str]) -> str:
    """The writer's DSN on the store emptied, which knows two contacts."""
    with psycopg.connect(store) as db:
        db.execute(
            "truncate event, alert, alert_change, notification, answer, audit, contact, source_offset cascade"
        )
    own = as_role(store, secrets, "writer")
    answering.contact(own, "an")
    answering.contact(own, "binh", "sms")
    return own


def test_an_answer_is_a_row_a_step_a_mark_and_one_reply(dsn: str) -> None:
    found = event(dsn, {"an": 12, "binh": 31})
    (taken,) = take(dsn, said("12 1"))

    assert taken == Taken(taken.answer, TAKEN, found, replied=True)
    assert rows(dsn, ANSWERS) == [("an", "sms", "taken", found, 2)]
    assert rows(dsn, STEPS) == [("taken", "an", 2, "Trưởng thôn An: đã nhận, tôi đi")]
    assert rows(dsn, "select key, notification from event_step") == rows(
        dsn, f"select 'answer:{taken.answer}', id from notification where step = 'reply'"
    )
    assert rows(dsn, REPLIES) == [
        (
            "an",
            ["sms", "zalo"],
            "Phu Sa: da ghi ban di luc 14:09, Phu Oc. Can giup thi tra loi 12 3. Cam on.",
            12,
            0,
            [],
            [],
            "pending",
        )
    ]
    assert rows(dsn, "select contact, answered_at from notification where step is null order by contact") == [
        ("an", AT + timedelta(minutes=4)),
        ("binh", None),
    ]
    assert rows(dsn, NOTES) == []


def test_a_call_that_comes_again_changes_nothing(dsn: str) -> None:
    event(dsn, {"an": 12})
    first, again = take(dsn, said("12 1", name="m1"), said("12 1", minutes=9, name="m1"))

    assert (first.repeated, again.repeated, again.answer) == (False, True, first.answer)
    assert len(rows(dsn, ANSWERS)) == len(rows(dsn, STEPS)) == len(rows(dsn, REPLIES)) == 1


def at_once(dsn: str, *them: Said) -> list[Taken]:
    """Each in a connection of its own, all at the same time."""

    async def one(what: Said) -> Taken:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            return await answers.take(db, what, what.at)

    async def inside() -> list[Taken]:
        return list(await asyncio.gather(*(one(what) for what in them)))

    return asyncio.run(inside())


def test_the_same_call_ten_times_at_once_is_one_answer(dsn: str) -> None:
    event(dsn, {"an": 12})
    found = at_once(dsn, *[said("12 1", name="m1")] * 10)

    assert sorted(one.repeated for one in found) == [False] + [True] * 9
    assert len(rows(dsn, ANSWERS)) == len(rows(dsn, REPLIES)) == 1


def test_a_strangers_call_ten_times_at_once_is_one_row(dsn: str) -> None:
    found = at_once(dsn, *[said("12 1", None, name="m1")] * 10)

    assert len({one.answer for one in found}) == 1
    assert len(rows(dsn, ANSWERS)) == len(rows(dsn, NOTES)) == 1


def test_two_answers_of_one_contact_at_once_are_two_steps_and_one_confirmation(dsn: str) -> None:
    """By SMS and by Zalo, each with a key of its own."""
    event(dsn, {"an": 12})
    found = at_once(dsn, said("12 1"), said("12 1", way="zalo"))

    assert [one.kind for one in found] == [TAKEN, TAKEN]
    assert sorted(one.replied for one in found) == [False, True]
    assert (len(rows(dsn, STEPS)), len(rows(dsn, REPLIES))) == (2, 1)


def test_two_people_at_once_each_have_their_answer(dsn: str) -> None:
    event(dsn, {"an": 12, "binh": 31})
    at_once(dsn, said("12 1"), said("31 3", "binh"))

    assert sorted(rows(dsn, "select contact, kind from answer")) == [("an", "taken"), ("binh", "help")]
    assert sorted(rows(dsn, "select contact, code from notification where step = 'reply'")) == [
        ("an", 12),
        ("binh", 31),
    ]


def test_a_code_is_the_contacts_own(dsn: str) -> None:
    """Two events, and the code of another contact says nothing."""
    river = event(dsn, {"an": 12, "binh": 31})
    market = event(dsn, {"an": 31}, MARKET, level=1, station="Chợ")
    take(dsn, said("31 1"), said("31 1", "binh"), said("12 1", "binh"))

    assert rows(dsn, ANSWERS) == [
        ("an", "sms", "taken", market, 1),
        ("binh", "sms", "taken", river, 2),
        ("binh", "sms", "unread", None, 0),
    ]


def test_an_answer_to_an_event_that_is_over_is_told_so_and_noted(dsn: str) -> None:
    found = event(dsn, {"an": 12})
    close(dsn, found)
    (taken,) = take(dsn, said("12 1", minutes=25))

    assert (taken.kind, taken.event) == (AnswerKind.CLOSED, found)
    assert rows(dsn, STEPS) == []
    assert rows(dsn, "select answered_at from notification where step is null") == [(None,)]
    assert rows(dsn, NOTES) == [("sms", "closed", "an", found)]
    ((_contact, _ways, text, *_),) = rows(dsn, REPLIES)
    assert text.startswith("Phu Sa: viec so 12 Phu Oc da xong.")


def test_a_code_that_stands_again_means_the_event_of_now(dsn: str) -> None:
    close(dsn, event(dsn, {"an": 12}, at=AT - timedelta(days=1, hours=2)), AT - timedelta(days=1))
    with psycopg.connect(dsn) as db:
        db.execute("delete from alert")
    now = event(dsn, {"an": 12}, MARKET)
    (taken,) = take(dsn, said("12 1"))

    assert (taken.kind, taken.event) == (TAKEN, now)


def test_a_stranger_is_told_nothing_and_no_word_is_kept(dsn: str) -> None:
    event(dsn, {"an": 12})
    (taken,) = take(dsn, said("12 1", None, name="m1"))

    assert taken.kind is AnswerKind.STRANGER
    assert rows(dsn, ANSWERS) == [(None, "sms", "stranger", None, 0)]
    assert rows(dsn, REPLIES) == []
    assert rows(dsn, NOTES) == [("sms", "stranger", None, None)]


def test_who_is_not_understood_is_told_how_three_times_an_hour_and_then_left_alone(dsn: str) -> None:
    event(dsn, {"an": 12})
    found = take(dsn, *(said("chi vay?", minutes=n) for n in range(5)), said("12 3", minutes=6))
    later = take(dsn, said("chi vay?", minutes=70))

    assert [one.replied for one in (*found, *later)] == [True, True, True, False, False, True, True]
    assert [kind for _, _, kind, _, _ in rows(dsn, ANSWERS)] == ["unread"] * 5 + ["help", "unread"]
    assert len(rows(dsn, NOTES)) == 6


def test_each_understood_answer_is_confirmed_once_until_the_next_rise(dsn: str) -> None:
    found = event(dsn, {"an": 12})
    first = take(
        dsn, said("12 1", minutes=1), said("1", minutes=2), said("12 2", minutes=3), said("12 2", minutes=4)
    )
    with psycopg.connect(dsn) as db:
        db.execute("update event set risen_at = %s, level = 3", [AT + timedelta(minutes=10)])
    (again,) = take(dsn, said("12 1", minutes=11))

    assert [one.replied for one in (*first, again)] == [True, False, True, False, True]
    assert rows(dsn, "select kind, level from answer where at > (select risen_at from event)") == [
        ("taken", 3)
    ]
    assert {one.event for one in (*first, again)} == {found}


def test_a_button_of_the_page_needs_no_code_and_no_message(dsn: str) -> None:
    found = event(dsn, {"an": 12})
    pressed = Said("page:1", AT + timedelta(minutes=1), "page", "an", kind=FALSE, event=found)
    (taken,) = take(dsn, pressed)

    assert taken == Taken(taken.answer, FALSE, found)
    assert rows(dsn, ANSWERS) == [("an", "page", "false", found, 2)]
    assert [step for step, *_ in rows(dsn, STEPS)] == ["false"]
    assert rows(dsn, REPLIES) == []


def test_a_button_of_a_page_that_is_over_is_closed(dsn: str) -> None:
    found = event(dsn, {"an": 12})
    close(dsn, found)
    gone = Said("page:2", AT, "page", "an", kind=TAKEN, event="water:nowhere@1")
    over = Said("page:1", AT + timedelta(minutes=30), "page", "an", kind=TAKEN, event=found)

    assert [(one.kind, one.event) for one in take(dsn, over, gone)] == [
        (AnswerKind.CLOSED, found),
        (AnswerKind.CLOSED, None),
    ]
    assert rows(dsn, STEPS) == []


def test_a_reply_of_a_drill_says_so_and_is_booked_as_one(dsn: str) -> None:
    event(dsn, {"an": 12}, exercise=True)
    take(dsn, said("12 1"))

    assert rows(dsn, "select exercise, left(sms_text, 15) from notification where step = 'reply'") == [
        (True, "DIEN TAP Phu Sa")
    ]


def drill(dsn: str, code: int, *, real: bool, level: int = 3) -> str:
    """An event of a drill that goes on, of which An has the code; by the real gateways, or by none."""
    number = rows(
        dsn,
        f"insert into drill (scenario, name, real, by_whom, begun_at) values ('x', 'x', {real}, 'x', now()) returning id",
    )
    return event(
        dsn, {"an": code}, marked(number[0][0], MARKET), level=level, station="DIỄN TẬP: Chợ", exercise=True
    )


@pytest.fixture
def no_drill(dsn: str) -> Iterator[None]:
    yield
    with psycopg.connect(dsn) as db:
        db.execute("update drill set ended_at = now()")


@pytest.mark.usefixtures("no_drill")
@pytest.mark.parametrize(
    "real", [True, False], ids=["a drill by the real gateways", "a drill that reaches no phone"]
)
def test_who_calls_for_help_without_a_code_means_what_is_real(dsn: str, real: bool) -> None:
    found = event(dsn, {"an": 12}, level=2)
    drill(dsn, 13, real=real)

    (taken,) = take(dsn, said("cứu tôi với"))

    assert (taken.kind, taken.event) == (HELP, found)


@pytest.mark.usefixtures("no_drill")
def test_beside_a_drill_that_reaches_no_phone_an_answer_needs_no_code_as_ever(dsn: str) -> None:
    found, exercise = event(dsn, {"an": 12}), drill(dsn, 13, real=False)

    assert [(one.kind, one.event) for one in take(dsn, said("1"), said("13 1"), said("alo"))] == [
        (TAKEN, found),
        (TAKEN, exercise),
        (AnswerKind.UNREAD, None),
    ]
    (lesson,) = rows(dsn, "select sms_text from notification where step = 'reply' and event is null")
    assert "DIEN TAP" not in lesson[0]


@pytest.mark.usefixtures("no_drill")
def test_beside_a_drill_by_the_real_gateways_who_goes_says_to_which(dsn: str) -> None:
    event(dsn, {"an": 12})
    drill(dsn, 13, real=True)

    assert [one.kind for one in take(dsn, said("1"), said("12 1"))] == [AnswerKind.UNREAD, TAKEN]


def test_who_was_never_told_anything_is_told_how_and_the_row_is_of_no_alert(dsn: str) -> None:
    (taken,) = take(dsn, said("alo", "binh"))

    assert (taken.kind, taken.replied) == (AnswerKind.UNREAD, True)
    assert rows(dsn, "select event, code, channels from notification") == [(None, None, ["sms"])]


def shown(dsn: str, found: str, minutes: float) -> str | None:
    """What the screens say, so many minutes after the event began: 14:05 in Vietnam."""
    with psycopg.connect(dsn) as db:
        row = db.execute("select answered_vi(%s, %s)", [found, AT + timedelta(minutes=minutes)]).fetchone()
    assert row is not None
    said_vi: str | None = row[0]
    return said_vi


def test_screens_say_who_goes_and_who_needs_help_first(dsn: str) -> None:
    found = event(dsn, {"an": 12, "binh": 31})
    take(dsn, said("12 1", minutes=1), said("31 2", "binh", minutes=2), said("31 3", "binh", minutes=5))

    assert [shown(dsn, found, n) for n in (0.5, 1, 3, 6)] == [
        None,
        "Trưởng thôn An đi lúc 14:06",
        "Trưởng thôn An đi lúc 14:06; Trưởng thôn Binh báo nhầm lúc 14:07",
        "Trưởng thôn Binh cần giúp lúc 14:10; Trưởng thôn An đi lúc 14:06",
    ]


def test_answers_before_the_last_rise_are_said_of_what_was_before_it(dsn: str) -> None:
    found = event(dsn, {"an": 12})
    take(dsn, said("12 1", minutes=1))
    with psycopg.connect(dsn) as db:
        db.execute("update event set risen_at = %s", [AT + timedelta(minutes=10)])

    assert [shown(dsn, found, n) for n in (5, 11)] == ["Trưởng thôn An đi lúc 14:06", None]


def test_of_many_who_answered_three_are_named(dsn: str) -> None:
    names = ["chi", "dung", "giang", "hanh", "khoa"]
    found = event(dsn, {name: 20 + i for i, name in enumerate(names)})
    take(dsn, *(said("1", name, minutes=i) for i, name in enumerate(names)))

    assert shown(dsn, found, 10) == "chi đi lúc 14:05; dung đi lúc 14:06; giang đi lúc 14:07; và 2 người"


def test_what_is_older_than_is_promised_is_forgotten_and_what_goes_on_is_not(dsn: str) -> None:
    old = event(dsn, {"an": 12})
    take(dsn, said("12 1"), said("alo", None), said("alo", "binh"))
    close(dsn, old)
    event(dsn, {"an": 31}, MARKET)
    take(dsn, said("31 1"))
    for days, left in ((399, 2), (401, 1)):
        with psycopg.connect(dsn) as db:
            db.execute("select forget_answers(%s)", [AT + timedelta(days=days)])
        assert len(rows(dsn, "select from event")) == left

    assert rows(dsn, ANSWERS) == [("an", "sms", "taken", f"{MARKET}@{round(AT.timestamp() * 1000)}", 2)]
    assert len(rows(dsn, STEPS)) == len(rows(dsn, "select from event_code")) == 1
    assert rows(dsn, NOTES) == []
    assert sorted(rows(dsn, "select event is null from alert")) == [(False,), (True,)]


# The outbox and the alerts flow beside replies.


def claimed(dsn: str, *, fails: bool = False) -> list[tuple[str, bool]]:
    """What a sender takes: contact and whether it rises; refused for now, if it shall fail."""

    async def inside() -> list[tuple[str, bool]]:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as db:
            found = await outbox.claim(db, 10)
            for one in found:
                await outbox.begin_attempts(db, [one])
                sent = Sent(Answer.RETRY, "503", "busy") if fails else Sent(Answer.SENT, "0", "", "id")
                step = Step("pending" if fails else "sent", one.channel, one.created_at, "")
                await outbox.finish(db, [outbox.Answered(one, sent, step)])
            return [(one.contact, one.rises) for one in found]

    return asyncio.run(inside())


def tell(dsn: str, **changed: Any) -> None:
    """News of the event's alert through the alerts flow, for the contact an."""
    writer = AlertWriter(dsn, Notifying(place([configured("an")]), 0.0), f"test-{changed}")
    news = change(alert="river:water:ven-song", seq=2, change=Change.WORSE, level=3, previous=2, **changed)
    writer.write([Intake("alerts", 0, 1, 1, [news], [0], [])])
    writer.close()


def test_a_reply_waits_for_no_news_and_is_no_haste(dsn: str) -> None:
    event(dsn, {"an": 12})
    with psycopg.connect(dsn) as db:
        db.execute("update notification set state = 'sending', claimed_at = now()")
    take(dsn, said("12 1"))

    assert claimed(dsn) == [("an", False)]


def test_a_reply_that_failed_is_not_overtaken_by_news(dsn: str) -> None:
    event(dsn, {"an": 12})
    take(dsn, said("12 1"))
    assert claimed(dsn, fails=True) == [("an", False)]
    tell(dsn)

    assert sorted(claimed(dsn)) == [("an", False), ("an", True)]
    assert rows(dsn, "select distinct state from notification") == [("sent",)]


def test_news_is_not_merged_with_a_reply_that_waits(dsn: str) -> None:
    event(dsn, {"an": 12})
    take(dsn, said("12 1"))
    tell(dsn)

    assert sorted(
        rows(dsn, "select coalesce(step, 'news'), state from notification where seq = 2 or step = 'reply'")
    ) == [
        ("news", "pending"),
        ("reply", "pending"),
    ]
