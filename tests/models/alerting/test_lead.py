"""The figures of an event that is over: told, reached, minutes of lead, missed, false."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.alerting.aftermath import OUTCOMES, Limit, Reply
from models.alerting.lead import figures, peak_of, thinned, witnessed
from tests.reports_of_events import WALL, at, curve, event, message

MINUTE = timedelta(minutes=1)


def test_told_is_the_first_message_that_left_in_the_platforms_time() -> None:
    assert figures(event()).told_at == at("01:10") + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("name", "changed", "left"),
    [
        ("sent at once", {}, timedelta(seconds=2)),
        ("known an hour late", {"late_s": 3600}, timedelta(hours=1, seconds=2)),
        ("a gateway that was away for ten minutes", {"sent_at": WALL + 10 * MINUTE}, 10 * MINUTE),
        ("a wall clock that was set back", {"sent_at": WALL - MINUTE}, timedelta(0)),
        ("in doubt, and asked", {"state": "doubt"}, timedelta(seconds=2)),
    ],
)
def test_a_message_left_when_its_change_was_plus_what_it_waited(
    name: str, changed: dict[str, object], left: timedelta
) -> None:
    assert message(**changed).left_at == at("01:10") + left, name


@pytest.mark.parametrize("state", ["pending", "sending", "refused", "expired", "merged", "muted"])
def test_what_was_not_taken_by_a_gateway_did_not_leave(state: str) -> None:
    assert message(state=state).left_at is None


def test_lead_is_from_the_first_message_to_the_reading_at_the_limit_not_to_the_rule() -> None:
    found = {one.level_vi: (one.at, one.lead_min) for one in figures(event()).reached}

    assert found["BĐ1"] == (at("01:50"), pytest.approx(40 - 2 / 60))
    assert found["BĐ2"] == (at("04:20"), pytest.approx(190 - 2 / 60))
    assert "BĐ3" not in found


def test_lead_is_less_than_nothing_where_people_were_told_after_it() -> None:
    late = event(messages=[message(change_at=at("02:00"))])

    assert next(one.lead_min for one in figures(late).reached) == pytest.approx(-10 - 2 / 60)


def test_a_level_has_the_minutes_to_the_first_message_that_tells_of_it_or_of_more() -> None:
    found = {one.level_vi: one.told_min for one in figures(event()).reached}

    assert found == {"BĐ1": pytest.approx(-40 + 2 / 60), "BĐ2": pytest.approx(10 + 2 / 60)}


def test_a_limit_below_which_it_is_bad_is_reached_by_falling() -> None:
    low = event(curves=[curve([Limit(1, "mức 1", 1.2, above=False)])])

    assert [one.at for one in figures(low).reached] == [at("01:00")]
    assert peak_of(low.curves[0]) == at("01:00")


def test_what_was_reached_long_before_the_event_is_not_of_it() -> None:
    later = event(opened_at=at("09:00"))

    assert [one.at for one in figures(later).reached] == [at("07:00"), at("07:00")]


@pytest.mark.parametrize(
    ("name", "messages", "missed"),
    [
        ("all told", [message(), message("m3", level=2)], []),
        ("the highest told first", [message("m3", level=2)], []),
        ("the second level told to nobody", [message(), message("m3", level=2, state="refused")], [2]),
        ("nobody told", [], [1, 2]),
        ("only held back", [message(state="muted")], [1, 2]),
    ],
)
def test_a_level_is_missed_when_no_message_of_it_or_of_more_left(
    name: str, messages: list[object], missed: list[int]
) -> None:
    assert figures(event(messages=messages)).missed == missed, name


def test_messages_are_counted_by_what_became_of_them() -> None:
    found = figures(event())

    assert (found.messages, found.arrived, found.failed, found.held, found.contacts) == (2, 2, 1, 1, 1)
    assert found.price_vnd == 1350


def test_the_first_who_goes_is_counted_from_the_first_message() -> None:
    found = figures(event())

    assert found.taken_at == at("04:36")
    assert found.taken_min == pytest.approx(206 - 2 / 60)
    assert figures(event(replies=[])).taken_min is None


def test_a_false_alarm_is_counted_by_persons() -> None:
    replies = [Reply(at("05:00"), name, "trưởng thôn", "false", "sms", 2) for name in ("A", "A", "B")]

    assert figures(event(replies=replies)).false == 2


def test_an_event_without_values_or_messages_has_figures() -> None:
    found = figures(event(curves=[], messages=[], replies=[]))

    assert (found.told_at, found.peak_lead_min, found.reached) == (None, None, [])


def test_lead_to_the_peak_is_to_the_worst_reading() -> None:
    assert figures(event()).peak_lead_min == pytest.approx(290 - 2 / 60)


def test_a_curve_is_thinned_and_keeps_its_lowest_and_highest() -> None:
    values = [float(n % 97) for n in range(5000)]
    times, kept = thinned([at("01:00") + n * MINUTE for n in range(5000)], values, most=100)

    assert len(kept) <= 100
    assert (min(kept), max(kept)) == (0.0, 96.0)
    assert times == sorted(times)
    assert thinned([at("01:00")], [1.0]) == ([at("01:00")], [1.0])


def test_what_witnesses_said_is_told_once_each_in_order() -> None:
    assert [line.en for _, line in witnessed(event())] == [
        "Phú Ốc: 101 mm in 24 h",
        "camera: water at mark 2 (01:58)",
    ]


def test_the_states_of_messages_have_the_words_of_the_screen() -> None:
    from dashboards.messages import NOTHING
    from dashboards.messages import OUTCOMES as SCREEN
    from dashboards.postgres_query import read

    assert set(OUTCOMES.values()) == set(SCREEN) - {NOTHING}
    text = read("messages")
    assert [state for state, word in OUTCOMES.items() if f"'{state}' then '{word}'" not in text] == []
