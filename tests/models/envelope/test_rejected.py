"""What becomes of refused bytes on their way."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from models.envelope.batch import rejected
from models.envelope.refusal import Refusal
from models.envelope.rejected import CUT_BYTES, RECORD_BYTES, WORDS, Reason, Rejected, for_topic
from tests.builders import batch

T0 = datetime(2026, 10, 12, 7, 0, tzinfo=UTC)
WHY = Refusal(Reason.TOO_BIG, "quá lớn", "too big")
RECORD_LIMIT = 24 * 1024 * 1024


def refused(size: int) -> Rejected:
    return rejected("telemetry", batch([b"x"]), (0, b"x" * size, b"k", 0), WHY)


def test_every_reason_has_its_words() -> None:
    assert set(WORDS) == set(Reason)


def test_the_largest_payload_that_is_not_cut_fits_into_a_record() -> None:
    whole = for_topic(refused(RECORD_BYTES))

    assert len(whole.payload) == RECORD_BYTES
    assert len(msgspec.json.encode(whole)) < RECORD_LIMIT


def test_a_larger_one_is_cut_on_the_topic_and_says_so() -> None:
    cut = for_topic(refused(RECORD_BYTES + 1))

    assert len(cut.payload) == CUT_BYTES
    assert str(CUT_BYTES) in cut.vi
    assert str(CUT_BYTES) in cut.en


def test_a_record_time_beyond_the_calendar_is_no_crash() -> None:
    late = rejected("telemetry", batch([b"x"]), (0, b"x", None, 1_700_000_000_000_000), WHY)

    assert late.at.year == 2200


def test_a_refusal_is_made_of_its_reason_and_the_place_of_the_record() -> None:
    made = Rejected.of(WHY, ("readings", 2, 17), source="telemetry", at=T0, key=b"phu-oc", payload=b"{}")

    assert made == Rejected(
        v=1, source="telemetry", seq=17, at=T0, topic="readings", partition=2, offset=17, key=b"phu-oc",
        reason=Reason.TOO_BIG, vi="quá lớn", en="too big", payload=b"{}",
    )  # fmt: skip


def test_twelve_columns_are_never_told_apart_by_their_order_alone() -> None:
    with pytest.raises(TypeError):
        Rejected(1, "telemetry", 17, T0, "readings", 2, 17, None, Reason.TOO_BIG, "", "", b"")
