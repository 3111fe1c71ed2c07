"""Who is shown what of an announcement that waits, was decided, or is too old; a button pressed twice is once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from models.alerting.announcement import PLATFORM
from models.alerting.approval import Asked, Offered, Standing, objection, offered, repeated, state_at
from models.commune.loudspeakers import Approver
from tests.messages import AT, contact, place

ROOM, CHAIR = contact("room", role="trực ban"), contact("chair", role="chủ tịch xã")
HEAD, FAR = contact("head"), contact("far", hamlets=["niem-pho"])
WHO = {one.id: one for one in (ROOM, CHAIR, HEAD, FAR)}
COMMUNE = msgspec.structs.replace(
    place([ROOM, CHAIR, HEAD, FAR]), approvers=[Approver("trực ban"), Approver("chủ tịch xã")]
)
HOUR = timedelta(hours=1)
WAITING, APPROVED, REFUSED = Standing.WAITING, Standing.APPROVED, Standing.REFUSED
OVERTAKEN, EXPIRED = Standing.OVERTAKEN, Standing.EXPIRED
DECIDE, WAITS, TOLD = Offered.DECIDE, Offered.WAITS, Offered.TOLD


def asked(**changed: Any) -> Asked:
    fields = {"id": 7, "state": WAITING, "asked_by": PLATFORM, "expires_at": AT + HOUR, "hamlets": ["la-van-ha"], "event": 12}  # fmt: skip
    return Asked(**(fields | changed))


OF_A_PERSON = {"event": None, "asked_by": "room"}
SHOWN: dict[str, tuple[Asked, str, Offered | None]] = {
    "who may decides": (asked(), "chair", DECIDE),
    "of the event, asked for by another": (asked(asked_by="room"), "chair", DECIDE),
    "who asked waits for another": (asked(asked_by="room"), "room", WAITS),
    "whose hamlet it is for knows whom to ring": (asked(), "head", WAITS),
    "whose hamlet it is not for": (asked(), "far", None),
    "approved, for all": (asked(state=APPROVED), "far", TOLD),
    "refused, for all": (asked(state=REFUSED), "head", TOLD),
    "expired": (asked(state=EXPIRED), "chair", TOLD),
    "too old, and not yet written so": (asked(expires_at=AT), "chair", TOLD),
    "overtaken": (asked(state=OVERTAKEN), "chair", None),
    "it warns of what is over": (asked(over=True), "chair", None),
    "approved before it was over": (asked(over=True, state=APPROVED), "chair", TOLD),
    "a person's, who may": (asked(**OF_A_PERSON), "chair", DECIDE),
    "a person's, who asked": (asked(**OF_A_PERSON), "room", WAITS),
    "a person's, a head": (asked(**OF_A_PERSON), "head", None),
    "a person's, approved, a head": (asked(**OF_A_PERSON, state=APPROVED), "head", None),
    "a person's, approved, who may": (asked(**OF_A_PERSON, state=APPROVED), "chair", TOLD),
}


@pytest.mark.parametrize(("one", "who", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_a_contact_is_shown(one: Asked, who: str, shown: Offered | None) -> None:
    assert offered(one, WHO[who], COMMUNE, AT) == shown


@pytest.mark.parametrize(("one", "who", "shown"), SHOWN.values(), ids=SHOWN)
def test_who_may_decide_is_who_may_approve(one: Asked, who: str, shown: Offered | None) -> None:
    assert (shown is DECIDE) == (objection(one, WHO[who], COMMUNE, AT) is None)


STATES = {
    "it waits": (asked(), WAITING),
    "the moment it is too old": (asked(expires_at=AT), EXPIRED),
    "its event is over": (asked(over=True), OVERTAKEN),
    "approved in time": (asked(state=APPROVED, expires_at=AT), APPROVED),
    "refused, its event over": (asked(state=REFUSED, over=True), REFUSED),
}


@pytest.mark.parametrize(("one", "state"), STATES.values(), ids=STATES)
def test_what_is_not_written_yet_counts(one: Asked, state: Standing) -> None:
    assert state_at(one, AT) == state


def test_what_warns_of_something_that_is_over_is_not_approved() -> None:
    why = objection(asked(over=True), ROOM, COMMUNE, AT)

    assert why is not None
    assert "the end of its event" in why.en


SAID_AGAIN = {
    "the same": (asked(state=APPROVED, decided_by="chair"), APPROVED, True),
    "the same no": (asked(state=REFUSED, decided_by="chair"), REFUSED, True),
    "another mind": (asked(state=APPROVED, decided_by="chair"), REFUSED, False),
    "another person was first": (asked(state=APPROVED, decided_by="room"), APPROVED, False),
    "nobody has decided": (asked(), APPROVED, False),
}


@pytest.mark.parametrize(("one", "verdict", "again"), SAID_AGAIN.values(), ids=SAID_AGAIN)
def test_a_button_pressed_twice_is_once(one: Asked, verdict: Standing, again: bool) -> None:
    assert repeated(one, CHAIR, verdict) == again
