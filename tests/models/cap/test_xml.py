"""The documents: they fit the schema of OASIS, whatever the names of the commune are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from models.cap.chain import Chain, messages
from models.cap.message import Status
from models.cap.xml import CAP, cap, feed, when
from models.catalogue.public import PUBLIC
from tests.messages import AT
from tests.models.cap.cap_schema import unfit
from tests.models.cap.story import NIGHT, SENDER, later, rise_and_fall

if TYPE_CHECKING:
    from models.alerting.alert import Kind

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOUR = timedelta(hours=1)


def element(document: bytes, name: str) -> str:
    return str(etree.fromstring(document).findtext(f".//{{{CAP}}}{name}"))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", PUBLIC)
def test_each_message_of_a_story_fits_the_schema(kind: Kind, status: Status) -> None:
    chain = msgspec.structs.replace(rise_and_fall(kind), status=status, event="water:phu-oc@1")
    made = messages(chain, SENDER, NIGHT)

    assert len(made) == 4
    assert [unfit(cap(one)) for one in made] == [[], [], [], []]


def test_the_schema_can_refuse() -> None:
    (made,) = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + HOUR)
    document = cap(made).replace(b"+07:00</cap:sent>", b"Z</cap:sent>")

    assert "sent" in unfit(document)[0]


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 10, 12, 7, 5, tzinfo=UTC), "2026-10-12T14:05:00+07:00"),
        (datetime(2026, 12, 31, 17, 0, 0, 999_999, tzinfo=UTC), "2027-01-01T00:00:00+07:00"),
    ],
    ids=["Vietnam's time", "to the second"],
)
def test_dates_have_a_numeric_offset(at: datetime, written: str) -> None:
    assert when(at) == written


@given(st.text(min_size=1, max_size=30))
def test_no_name_of_a_station_breaks_the_document(name: str) -> None:
    station = msgspec.structs.replace(SENDER.commune.stations[0], name=name)
    sender = msgspec.structs.replace(
        SENDER, commune=msgspec.structs.replace(SENDER.commune, stations=[station])
    )
    (made,) = messages(Chain([later(0, 1, 2, 0)]), sender, AT + HOUR)

    assert unfit(cap(made)) == []


def test_a_polygon_is_latitude_first_and_closed() -> None:
    (made,) = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + HOUR)
    points = element(cap(made), "polygon").split(" ")

    assert points[0] == points[-1] == "16.50000,107.50000"


def test_the_scope_is_public_and_the_event_is_the_incident() -> None:
    (made,) = messages(Chain([later(0, 1, 2, 0)], "water:ven song@1"), SENDER, AT + HOUR)

    assert element(cap(made), "scope") == "Public"
    assert element(cap(made), "incidents") == '"water:ven song@1"'


def test_the_feed_tells_the_newest_first_with_a_link_to_each() -> None:
    made = messages(rise_and_fall(), SENDER, NIGHT)
    links = {one.identifier: f"{n}.xml" for n, one in enumerate(made)}
    root = etree.fromstring(feed(made, "Xã Quảng Điền", SENDER.id, links, NIGHT))

    assert [one.get("href") for one in root.findall("a:entry/a:link", ATOM)] == [
        "3.xml",
        "2.xml",
        "1.xml",
        "0.xml",
    ]
    assert root.findtext("a:updated", None, ATOM) == when(made[-1].sent)
    assert len({one.text for one in root.findall("a:entry/a:id", ATOM)}) == 4
    assert re.match("Kết thúc", str(root.findtext("a:entry/a:title", None, ATOM)))


def test_a_feed_without_messages_says_as_of_when() -> None:
    root = etree.fromstring(feed([], "Xã", SENDER.id, {}, NIGHT))

    assert root.findtext("a:updated", None, ATOM) == when(NIGHT)
