"""Why each contact was told of an alert or not: from what was stored, and for who has nothing from the routing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from models.alerting.alert import AlertChange, Kind
from models.alerting.explanation import NOT_KEPT, NOT_OF_THE_DRILL, Explained, Kept, explain
from models.alerting.routing import APART, Apart
from models.catalogue.kinds import Words
from models.commune.routing import Routing, Shift
from tests.stories.alerts import FARM, HEAD, ROOM, commune, contact, river
from tests.timeline import clock

RIVER = river()
CHANGES = [RIVER.goes(1, 0), RIVER.goes(2, 10), RIVER.goes(1, 20)]


def row(contact: str, seq: int, state: str, **fields: object) -> Kept:
    change = CHANGES[seq - 1]
    at = clock(seq)
    plain: dict[str, Any] = {
        "alert": change.alert,
        "stage": None,
        "reason": None,
        "created_at": at,
        "next_at": at,
    }
    return Kept(contact=contact, seq=seq, level=change.level, channel="sms", state=state, **(plain | fields))


LINES: dict[str, tuple[Kept, Words, bool]] = {
    "delivered, with the code to answer": (
        row("head", 1, "delivered", code=12),
        ("14:06:00 12/10 mức 1, đã tới máy qua SMS, mã 12", "raise, level 1, delivered"),
        True,
    ),
    "put off until the hours begin": (
        row("head", 1, "pending", reason="ngoài giờ báo", next_at=clock(60)),
        ("14:06:00 12/10 mức 1, đợi gửi 15:05:00 12/10 qua SMS: ngoài giờ báo", "raise, level 1, waits"),
        True,
    ),
    "muted, with the stage's reason": (
        row("head", 2, "muted", stage="silenced", reason="đang tắt tin #1: thử (silenced)"),
        (
            "14:07:00 12/10 mức 2, không gửi: đang tắt tin #1: thử (silenced)",
            "worse, level 2, not told",
        ),
        False,
    ),
    "merged": (
        row("head", 2, "merged", stage="merged", reason="gộp vào tin khác (merged)"),
        ("14:07:00 12/10 mức 2, gộp vào tin khác (merged)", "worse, level 2, merged"),
        False,
    ),
    "refused by the gateway": (
        row("head", 1, "refused", reason="103 hết tiền"),
        ("14:06:00 12/10 mức 1, cổng từ chối qua SMS: 103 hết tiền", "raise, level 1, refused"),
        False,
    ),
    "told with another alert": (
        row("head", 1, "sent", alert="rain:1"),
        ("14:06:00 12/10 mức 1, đã gửi qua SMS", "with rain:1, level 1, sent"),
        True,
    ),
}  # fmt: skip


def of(name: str, found: list[Explained]) -> Explained:
    return next(each for each in found if each.contact == name)


@pytest.mark.parametrize(("kept", "line", "told"), LINES.values(), ids=LINES.keys())
def test_a_stored_notification_says(kept: Kept, line: Words, told: bool) -> None:
    found = of("head", explain(CHANGES, [kept], commune(HEAD)))

    assert (found.lines, found.told) == ([line], told)


DUTY = Routing(rota=[Shift("vai", ["room"], clock(-60), clock(60))])
NONE: dict[str, tuple[str, Words]] = {
    "of another kind": ("farm", APART[Apart.KIND]),
    "of higher levels": ("high", APART[Apart.LEVEL]),
    "only called": ("deputy", APART[Apart.CALLED_ONLY]),
    "of another hamlet": ("far", APART[Apart.HAMLET]),
    "not on duty": ("head", APART[Apart.OFF_DUTY]),
    "concerned today, and without a row": ("room", NOT_KEPT),
}


@pytest.mark.parametrize(("name", "why"), NONE.values(), ids=NONE.keys())
def test_who_has_no_notification_is_told_why(name: str, why: Words) -> None:
    far = contact("far", Kind.RIVER)
    people = [
        HEAD,
        ROOM,
        FARM,
        contact("high", Kind.RIVER, least_level=3),
        contact("deputy", Kind.RIVER, called_only=True),
        type(far)("far", "far", "vai", ["elsewhere"], far.kinds, far.channels),
    ]
    found = of(name, explain(CHANGES, [], commune(*people, routing=DUTY)))

    assert (found.lines, found.told) == ([why], False)


def test_who_is_not_told_of_a_drill_for_others_is_said_to_be_none_of_them() -> None:
    drilled = [msgspec.structs.replace(one, exercise=True) for one in CHANGES]

    assert of("room", explain(drilled, [], commune(HEAD, ROOM))).lines == [NOT_OF_THE_DRILL]


def test_who_is_no_contact_any_more_comes_last_under_his_id() -> None:
    found = explain(CHANGES, [row("gone", 1, "sent")], commune(HEAD))

    assert [(each.contact, each.told) for each in found] == [("head", False), ("gone", True)]


def test_an_alert_without_changes_explains_nothing() -> None:
    nothing: list[AlertChange] = []

    assert [each.lines for each in explain(nothing, [], commune(HEAD))] == [[NOT_KEPT]]
