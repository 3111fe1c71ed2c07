"""What the public hears of an event, when, and who lets it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from models.alerting.alert import AlertChange, Kind
from models.alerting.announcement import DRILL, LATEST, PLATFORM, EventSeen, Wanted, wanted
from models.alerting.approval import Asked, Standing, objection, person, unasked
from models.alerting.playing import LATEST as PLAYED_LATEST
from models.alerting.playing import (
    NOT_HEARD,
    PATIENT,
    Looked,
    Played,
    PlayerState,
    after_look,
    became,
    unplayable,
)
from models.commune.configuration import Commune, Hamlet
from models.commune.loudspeakers import Approver, Unasked
from tests.messages import AT, contact, place
from tests.models.cap.story import OF_KIND, later

EVENT = "water:phu-oc@1"
RISEN = f"{EVENT}|{round(AT.timestamp() * 1000)}"
OVER = f"{EVENT}|over"
HAMLETS = [
    Hamlet("la-van-ha", "La Vân Hạ", "xa", date(2020, 1, 1)),
    Hamlet("niem-pho", "Niêm Phò", "xa", date(2020, 1, 1)),
]
ROOM, CHAIR, HEAD = contact("room", role="trực ban"), contact("chair", role="chủ tịch xã"), contact("head")
COMMUNE = msgspec.structs.replace(
    place([ROOM, CHAIR, HEAD], HAMLETS), approvers=[Approver("trực ban"), Approver("chủ tịch xã")]
)


def event(*changes: AlertChange, **changed: Any) -> EventSeen:
    return EventSeen(**({"id": EVENT, "risen_at": AT, "closed_at": None, "changes": list(changes)} | changed))


def asks(seen: EventSeen, made: dict[str, str] | None = None, now: datetime = AT) -> Wanted | None:
    made = made or {}
    told = [key for key, state in made.items() if state == Standing.APPROVED]
    return wanted(seen, made, told, COMMUNE, now)


CLEARED = later(1, 2, 0, 2)
CLOSED = {"closed_at": AT + timedelta(hours=1)}
HEARD: dict[str, tuple[EventSeen, dict[str, str], bool]] = {
    "level 2": (event(later(0, 1, 2, 0)), {}, True),
    "level 1 is for those who watch": (event(later(0, 1, 1, 0)), {}, False),
    "no public alert": (event(), {}, False),
    "told already": (event(later(0, 1, 2, 0)), {RISEN: "approved"}, False),
    "refused already": (event(later(0, 1, 2, 0)), {RISEN: "refused"}, False),
    "risen again": (event(later(0, 1, 3, 2), risen_at=AT + timedelta(hours=1)), {RISEN: "approved"}, True),
    "over, and heard of": (event(CLEARED, **CLOSED), {RISEN: "approved"}, True),
    "over, and never heard of": (event(CLEARED, **CLOSED), {RISEN: "waiting"}, False),
    "over, and told so": (event(CLEARED, **CLOSED), {RISEN: "approved", OVER: "waiting"}, False),
    "over, of another event": (event(CLEARED, **CLOSED), {"water:x@1|2": "approved"}, False),
}


@pytest.mark.parametrize(("seen", "made", "heard"), HEARD.values(), ids=HEARD)
def test_the_public_hears(seen: EventSeen, made: dict[str, str], heard: bool) -> None:
    found = asks(seen, made, AT + timedelta(hours=1))

    assert (found is not None) == heard


def test_an_end_that_is_an_hour_old_is_not_told_any_more() -> None:
    seen = event(CLEARED, **CLOSED)

    assert asks(seen, {RISEN: "approved"}, CLOSED["closed_at"] + LATEST) is not None
    assert asks(seen, {RISEN: "approved"}, CLOSED["closed_at"] + LATEST + timedelta(seconds=1)) is None


def test_the_worst_alert_is_told_and_of_equals_the_most_important() -> None:
    rain = later(0, 1, 2, 0, alert="rain", kind=Kind.RAIN, **OF_KIND[Kind.RAIN])
    found = asks(event(rain, later(0, 1, 2, 0)))
    worse = asks(event(msgspec.structs.replace(rain, level=3), later(0, 1, 2, 0)))

    assert found is not None
    assert worse is not None
    assert (found.kind, worse.kind) == (Kind.RIVER, Kind.RAIN)


def test_only_the_hamlets_of_the_event_are_told() -> None:
    found = asks(event(later(0, 1, 2, 0)))

    assert found is not None
    assert found.hamlets == ["la-van-ha"]
    assert "thôn La Vân Hạ" in found.scripts[0].replace("Thôn", "thôn")
    assert "Niêm Phò" not in found.scripts[0]


def test_a_script_says_what_where_how_much_and_what_to_do() -> None:
    found = asks(event(later(0, 1, 3, 0, value=4.8, limit=4.5)))

    assert found is not None
    assert found.scripts[0] == (
        "Bà con chú ý. Cảnh báo lũ, báo động ba. Thôn La Vân Hạ. Mực nước tại Phú Ốc bốn mét tám mươi. "
        "Rời vùng trũng ngay, nghe lệnh sơ tán; cần cứu gọi một một hai."
    )


def test_each_shorter_script_leaves_something_out_and_the_last_says_what_and_where() -> None:
    found = asks(event(later(0, 1, 3, 0)))

    assert found is not None
    assert [len(one) for one in found.scripts] == sorted((len(one) for one in found.scripts), reverse=True)
    assert all("báo động ba" in one for one in found.scripts)
    assert all("Rời vùng trũng ngay" in one for one in found.scripts[:-1])
    assert found.scripts[-1] == "Cảnh báo lũ, báo động ba."


def test_a_drill_says_so_first_however_short_it_is() -> None:
    found = asks(event(later(0, 1, 3, 0), exercise=True))

    assert found is not None
    assert found.exercise
    assert all(one.startswith(DRILL) for one in found.scripts)


def test_no_script_has_a_figure_in_digits() -> None:
    for kind, fields in OF_KIND.items():
        for to, before in ((2, 0), (3, 2), (2, 3), (0, 2)):
            found = wanted(event(later(0, 1, max(to, 2), before, kind=kind, **fields)), {}, [], COMMUNE, AT)
            assert found is not None
            assert not any(letter.isdigit() for one in found.scripts for letter in one)


def asked(**changed: Any) -> Asked:
    fields = {
        "id": 7,
        "state": Standing.WAITING,
        "asked_by": PLATFORM,
        "expires_at": AT + timedelta(hours=1),
        "hamlets": [],
    }
    return Asked(**(fields | changed))


OBJECTIONS = {
    "who may, of the platform's": (asked(), "room", None),
    "who may, of another's": (asked(asked_by="chair"), "room", None),
    "who asked": (asked(asked_by="room"), "room", "somebody else has to approve"),
    "who may not": (asked(), "head", "may not approve"),
    "approved already": (asked(state=Standing.APPROVED), "room", "approved already"),
    "refused already": (asked(state=Standing.REFUSED), "room", "refused"),
    "overtaken": (asked(state=Standing.OVERTAKEN), "room", "newer news"),
    "too old": (asked(expires_at=AT), "room", "too old"),
}


@pytest.mark.parametrize(("one", "who", "why"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_who_may_approve(one: Asked, who: str, why: str | None) -> None:
    found = objection(one, {"room": ROOM, "head": HEAD}[who], COMMUNE, AT)

    assert (found is None) == (why is None)
    assert found is None or str(why) in found.en


@pytest.mark.parametrize(
    ("name", "known"), [("room", "room"), (" Room ", "room"), ("ROOM", "room"), ("nobody", None), ("", None)]
)
def test_a_person_is_found_by_id_or_name(name: str, known: str | None) -> None:
    found = person(name, COMMUNE)

    assert (found.id if found else None) == known


UNASKED = {
    "nothing is configured": ([], 3, False, False),
    "flood of level 3": ([Unasked([Kind.RIVER], 3)], 3, False, True),
    "below the level": ([Unasked([Kind.RIVER], 3)], 2, False, False),
    "of another kind": ([Unasked([Kind.AIR], 3)], 3, False, False),
    "a drill": ([Unasked([Kind.RIVER], 3)], 3, True, False),
}


@pytest.mark.parametrize(("configured", "level", "exercise", "at_once"), UNASKED.values(), ids=UNASKED)
def test_what_is_played_unasked(configured: list[Unasked], level: int, exercise: bool, at_once: bool) -> None:
    commune: Commune = msgspec.structs.replace(COMMUNE, unasked=configured)
    found = asks(event(later(0, 1, level, 0), exercise=exercise))

    assert found is not None
    assert unasked(found, commune) == at_once


def test_an_end_is_never_played_unasked() -> None:
    commune: Commune = msgspec.structs.replace(COMMUNE, unasked=[Unasked([Kind.RIVER], 2)])
    found = asks(event(CLEARED, **CLOSED), {RISEN: "approved"}, AT + timedelta(hours=1))

    assert found is not None
    assert not unasked(found, commune)


SOUND = Played("loa", AT, 15.0, 1)
LOOKED = {
    "it plays": (SOUND, Looked(PlayerState.PLAYING), 5.0, "sent", ""),
    "it waits for its turn": (SOUND, Looked(PlayerState.QUEUED), 5.0, "sent", ""),
    "it does not answer": (SOUND, None, 5.0, "sent", ""),
    "it never ends": (SOUND, Looked(PlayerState.PLAYING), 15 + PATIENT.total_seconds() + 1, "doubt", "does not say"),
    "it never answers": (SOUND, None, 15 + PATIENT.total_seconds() + 1, "doubt", "does not say"),
    "played, without a microphone": (SOUND, Looked(PlayerState.PLAYED), 20.0, "played", ""),
    "played and heard": (SOUND, Looked(PlayerState.PLAYED, 18.0), 20.0, "heard", ""),
    "played, and its microphone heard nothing": (SOUND, Looked(PlayerState.PLAYED, 0.5), 20.0, "played", "not heard"),
    "it has forgotten": (SOUND, Looked(None), 5.0, "doubt", "forgotten"),
    "it failed": (SOUND, Looked(PlayerState.FAILED), 5.0, "pending", "playing failed"),
    "it failed five times": (msgspec.structs.replace(SOUND, tries=5), Looked(PlayerState.FAILED), 5.0, "refused", "playing failed"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "looked", "after_s", "state", "why"), LOOKED.values(), ids=LOOKED)
def test_what_a_player_tells(
    one: Played, looked: Looked | None, after_s: float, state: str, why: str
) -> None:
    step = after_look(one, looked, AT + timedelta(seconds=after_s))

    assert step.state == state
    assert why in step.reason


@pytest.mark.parametrize(
    ("late", "there", "state"),
    [
        (timedelta(), True, None),
        (PLAYED_LATEST + timedelta(seconds=1), True, "expired"),
        (timedelta(), False, "refused"),
    ],
    ids=["now", "too late", "no such loudspeaker any more"],
)
def test_what_is_not_played_any_more(late: timedelta, there: bool, state: str | None) -> None:
    step = unplayable("loa", AT, AT + late, there=there)

    assert (step.state if step else None) == state


BECAME = {
    "it waits": ("pending", "", "waits to be played"),
    "tried, and no answer": ("pending", "HTTP 503", "tried again"),
    "taken": ("sent", "", "not yet said to be played"),
    "played, without a microphone": ("played", "", "played"),
    "its microphone heard nothing": ("played", NOT_HEARD, "said to be played, but NOT heard"),
    "heard": ("heard", "", "played and heard"),
    "it does not play": ("refused", "HTTP 401", "could NOT be played"),
    "a doubt": ("doubt", "", "NOT KNOWN whether played: go and listen"),
    "too late": ("expired", "", "too late or overtaken, not played"),
    "a state that nobody knows": ("splendid", "", "not known"),
}


@pytest.mark.parametrize(("state", "reason", "said"), BECAME.values(), ids=BECAME)
def test_what_became_of_a_sound_is_said_and_never_better_than_it_is(
    state: str, reason: str, said: str
) -> None:
    assert became(state, reason).en.endswith(said)
