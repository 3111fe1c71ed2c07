"""The rules that the schema does not know name what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from models.cap.chain import Chain, messages
from models.cap.message import Area, MsgType
from models.cap.mistakes import mistakes
from tests.messages import AT
from tests.models.cap.story import SENDER, later

FIRST, SECOND = messages(Chain([later(0, 1, 2, 0), later(1, 2, 3, 2)]), SENDER, AT + timedelta(hours=2))
RING = ((16.5, 107.5), (16.5, 107.6), (16.6, 107.6), (16.5, 107.5))


def of_info(**changed: Any) -> dict[str, Any]:
    return {"infos": tuple(msgspec.structs.replace(info, **changed) for info in FIRST.infos)}


WRONG = {
    "a sender with a space": ({"sender": "xã Quảng Điền"}, "sender: "),
    "an identifier with a comma": ({"identifier": "a,b"}, "identifier: "),
    "no sender": ({"sender": ""}, "sender: "),
    "runs out before it is sent": (of_info(expires=AT - timedelta(hours=1)), "expires: "),
    "runs out as it is sent": (of_info(expires=AT), "expires: "),
    "holds only after it has run out": (of_info(effective=AT + timedelta(days=2)), "effective: "),
    "begins only after it has run out": (of_info(onset=AT + timedelta(days=2)), "onset: "),
    "a date without an offset": (of_info(onset=datetime(2026, 10, 12)), "onset: "),  # noqa: DTZ001
    "no headline": (of_info(headline=" "), "headline: empty"),
    "no instruction": (of_info(instruction=""), "instruction: empty"),
    "nothing told": ({"infos": ()}, "info: none"),
    "nowhere": (of_info(area=Area("")), "areaDesc: empty"),
    "a polygon that is open": (of_info(area=Area("x", (RING[:3],))), "polygon: 3 points"),
    "a polygon on no globe": (of_info(area=Area("x", (((107.5, 16.5), *RING[1:3], (107.5, 16.5)),))), "polygon: not latitude"),
    "a point twice in a row": (of_info(area=Area("x", ((RING[0], *RING),))), "polygon: a point"),
    "an alert that refers": ({"references": SECOND.references}, "references: an Alert"),
    "an update that does not refer": ({"type": MsgType.UPDATE}, "references: missing of Update"),
    "a cancel that does not refer": ({"type": MsgType.CANCEL}, "references: missing of Cancel"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(changed: dict[str, Any], told: str) -> None:
    found = mistakes(msgspec.structs.replace(FIRST, **changed))

    assert found
    assert any(told in one for one in found), found


def test_a_message_of_ours_has_no_mistake() -> None:
    assert [mistakes(FIRST), mistakes(SECOND, [FIRST])] == [[], []]


def test_a_reference_to_what_nobody_sent_is_named() -> None:
    other = msgspec.structs.replace(FIRST, identifier="other")

    assert any("nobody sent" in one for one in mistakes(SECOND, [other]))


def test_a_reference_to_what_was_sent_later_is_named() -> None:
    early = msgspec.structs.replace(SECOND, sent=AT - timedelta(hours=1))

    assert any("was sent later" in one for one in mistakes(early, [FIRST]))
