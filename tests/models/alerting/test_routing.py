"""Who is told: contacts by hamlet, kind and level."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import msgspec
import pytest

from models.alerting.alert import Change, Kind
from models.alerting.routing import Apart, apart, concerned, notifications
from models.commune.configuration import Channel, Contact, Hamlet
from models.commune.routing import Routing, Shift
from tests.messages import AT, change, contact, place


def told(contacts: list[Contact], hamlets: list[Hamlet] | None = None, **changed: object) -> list[str]:
    """The contacts that hear of the change, in order."""
    return [
        notification.contact for notification in notifications(change(**changed), place(contacts, hamlets))
    ]


STORIES: dict[str, tuple[dict[str, object], dict[str, object], list[str]]] = {
    "a head of a hamlet on the river is told": ({}, {}, ["an"]),
    "a head of another hamlet is not": ({"hamlets": ["tan-xuan-lai"]}, {}, []),
    "one of several hamlets is enough": ({"hamlets": ["tan-xuan-lai", "la-van-ha"]}, {}, ["an"]),
    "who did not subscribe to the kind is not told": ({"kinds": [Kind.AIR]}, {}, []),
    "a level below the least level is not told": ({"least_level": 3}, {"level": 2}, []),
    "the least level itself is told": ({"least_level": 2}, {"level": 2}, ["an"]),
    "who heard of level 3 hears that it is over": (
        {"least_level": 3},
        {"change": Change.CLEAR, "level": 0, "previous": 3},
        ["an"],
    ),
    "an outage of ours concerns who hears of outages": (
        {},
        {"kind": Kind.OUTAGE, "station": "platform"},
        ["an"],
    ),
    "an outage behind which only unknown stations are, too": (
        {},
        {"kind": Kind.OUTAGE, "station": "platform", "parameter": "link", "parameters": ["ghost"]},
        ["an"],
    ),
    "a station that nobody knows concerns nobody": ({}, {"station": "ghost"}, []),
}


@pytest.mark.parametrize(("subscribed", "changed", "expected"), STORIES.values(), ids=STORIES.keys())
def test_contacts_are_chosen_by_hamlet_kind_and_level(
    subscribed: dict[str, object], changed: dict[str, object], expected: list[str]
) -> None:
    assert told([contact("an", **subscribed)], **changed) == expected


SHIFTS = Routing(
    rota=[
        Shift("trưởng thôn", ["an"], AT - timedelta(hours=1), AT + timedelta(hours=1)),
        Shift("trưởng thôn", ["binh"], AT + timedelta(hours=2), AT + timedelta(hours=3)),
    ]
)
APARTS: dict[str, tuple[dict[str, object], dict[str, object], float, Apart | None]] = {
    "it is for who is on duty": ({}, {}, 0, None),
    "not for who is not": ({"id": "binh"}, {}, 0, Apart.OFF_DUTY),
    "in a hole of the rota it is for all of the role": ({"id": "binh"}, {}, 1.5, None),
    "and for who has another role": ({"id": "binh", "role": "trực ban"}, {}, 0, None),
    "the end is for who was on duty before": (
        {"id": "binh"}, {"change": Change.CLEAR, "level": 0, "previous": 2}, 0, None),
    "who is only called": ({"called_only": True}, {}, 0, Apart.CALLED_ONLY),
    "another kind": ({"kinds": [Kind.AIR]}, {}, 0, Apart.KIND),
    "a level below the least": ({"least_level": 3}, {}, 0, Apart.LEVEL),
    "another hamlet": ({"hamlets": ["tan-xuan-lai"]}, {}, 0, Apart.HAMLET),
}  # fmt: skip


@pytest.mark.parametrize(("own", "changed", "hours", "expected"), APARTS.values(), ids=APARTS.keys())
def test_why_a_change_is_not_for_a_contact(
    own: dict[str, object], changed: dict[str, object], hours: float, expected: Apart | None
) -> None:
    person = contact("an", **own)
    commune = msgspec.structs.replace(place([person]), routing=SHIFTS)
    at = AT + timedelta(hours=hours)
    peak = 2

    assert apart(change(**changed), person, commune, peak, at) is expected
    assert bool(concerned(change(**changed), commune, peak, at)) is (expected is None)


def test_the_order_is_that_of_the_configuration() -> None:
    assert told([contact("binh"), contact("an")]) == ["binh", "an"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2020, 1, 1), None, ["an"]),
        (date(2020, 1, 1), date(2025, 6, 30), []),
        (date(2026, 10, 12), date(2026, 10, 12), ["an"]),
        (date(2026, 10, 13), None, []),
    ],
)
def test_a_hamlet_counts_only_while_it_stands(since: date, until: date | None, expected: list[str]) -> None:
    """The change is on 12 October 2026 in Vietnam."""
    assert told([contact("an")], [Hamlet("la-van-ha", "La Vân Hạ", "xa", since, until)]) == expected


def test_the_day_is_that_of_vietnam() -> None:
    """18:30 UTC on the 11th is already the 12th in Vietnam; the hamlet begins on the 12th."""
    begins = [Hamlet("la-van-ha", "La Vân Hạ", "xa", date(2026, 10, 12))]
    at = change().at.replace(day=11, hour=18, minute=30)

    assert told([contact("an")], begins, at=at) == ["an"]


def test_the_key_is_the_same_after_a_replay_and_differs_by_contact_and_change() -> None:
    commune = place([contact("an"), contact("binh")])
    first, again = notifications(change(), commune), notifications(change(), commune)
    later = notifications(change(seq=2), commune)

    assert [one.id for one in first] == [one.id for one in again]
    assert len({notification.id for notification in first + later}) == 4
    assert first[0].id == hashlib.sha256(f"{change().alert}|1|an".encode()).hexdigest()[:40]


def test_channels_keep_the_contacts_order() -> None:
    only = notifications(change(), place([contact("an", channels=[Channel.SMS, Channel.ZALO])]))[0]

    assert only.channels == ["sms", "zalo"]


NIGHTS = {
    "by day a rise goes as the contact wants": (14, Change.RAISE, 2, 0, ["zalo", "sms"]),
    "at 22:00 a rise rings by SMS first": (22, Change.RAISE, 2, 0, ["sms", "zalo"]),
    "at 05:59 it still does": (5, Change.WORSE, 3, 2, ["sms", "zalo"]),
    "at 06:00 Zalo rings again": (6, Change.RAISE, 2, 0, ["zalo", "sms"]),
    "that it is over may wait until the morning": (23, Change.CLEAR, 0, 2, ["zalo", "sms"]),
}


@pytest.mark.parametrize(
    ("hour", "verb", "level", "previous", "expected"), NIGHTS.values(), ids=NIGHTS.keys()
)
def test_at_night_what_rises_goes_by_sms_first(
    hour: int, verb: Change, level: int, previous: int, expected: list[str]
) -> None:
    at = change().at.replace(hour=(hour - 7) % 24, minute=59 if hour == 5 else 0)
    found = notifications(change(at=at, change=verb, level=level, previous=previous), place([contact("an")]))

    assert found[0].channels == expected


def test_who_heard_of_level_3_hears_of_the_end_though_it_went_down_by_steps() -> None:
    over, chief = change(seq=4, change=Change.CLEAR, level=0, previous=1), contact("an", least_level=3)

    assert [notification.contact for notification in notifications(over, place([chief]), peak=3)] == ["an"]
    assert notifications(over, place([chief]), peak=2) == []


def test_late_news_rings_by_the_hour_in_which_it_is_told() -> None:
    """An event of 14:05 that is told at 22:05."""
    found = notifications(change(late_s=8 * 3600), place([contact("an")]))

    assert found[0].channels == ["sms", "zalo"]


def test_at_night_a_contact_without_sms_still_hears_by_zalo() -> None:
    only = place([contact("an", channels=[Channel.ZALO])])

    assert notifications(change(at=change().at.replace(hour=16)), only)[0].channels == ["zalo"]
