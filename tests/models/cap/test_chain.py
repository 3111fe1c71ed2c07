"""What CAP messages an alert makes: their kinds, references, words, dates."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest

from models.alerting.alert import Kind
from models.alerting.wording import CLOSED_BY
from models.cap.chain import AGAIN, EXERCISE, Chain, messages
from models.cap.message import MsgType, Status
from models.cap.mistakes import mistakes
from models.cap.names import alert_of, identifier
from models.catalogue.public import PUBLIC
from models.envelope.evidence import Evidence
from tests.messages import AT
from tests.models.cap.story import NIGHT, OF_KIND, SENDER, later, rise_and_fall

HOUR = timedelta(hours=1)


def types(chain: Chain, until: timedelta = NIGHT - AT) -> list[str]:
    return [one.type.value for one in messages(chain, SENDER, AT + until)]


def test_raise_worse_better_clear_are_alert_update_update_cancel() -> None:
    assert types(rise_and_fall()) == ["Alert", "Update", "Update", "Cancel"]


def test_each_refers_to_all_earlier_ones_that_hold() -> None:
    made = messages(rise_and_fall(), SENDER, NIGHT)
    named = [[identifier for _, identifier, _ in one.references] for one in made]

    assert named == [
        [],
        ["river:phu-oc:1:1"],
        ["river:phu-oc:1:1", "river:phu-oc:1:2"],
        [f"river:phu-oc:1:{n}" for n in (1, 2, 3)],
    ]
    assert made[3].references[1] == (SENDER.id, "river:phu-oc:1:2", AT + 2 * HOUR)


ORDERS = {
    "nothing yet": (0.0, [(2, 0, 1)], -1.0, []),
    "only up to now": (0.0, [(2, 0, 1), (3, 2, 2)], 1.0, ["Alert"]),
    "an end of what was never told": (0.0, [(0, 2, 2)], 9.0, []),
    "over and risen again in one alert": (0.0, [(2, 0, 1), (0, 2, 2), (1, 0, 3)], 9.0, ["Alert", "Cancel", "Alert"]),
    "open for a day: told again before it runs out": (0.0, [(2, 0, 1)], 24.0, ["Alert", "Update", "Update", "Update"]),
}  # fmt: skip


@pytest.mark.parametrize(("start", "steps", "until", "told"), ORDERS.values(), ids=ORDERS)
def test_the_order_of_changes_makes_the_order_of_messages(
    start: float, steps: list[tuple[int, int, int]], until: float, told: list[str]
) -> None:
    changes = [later(start + 2 * n, seq, to, before) for n, (to, before, seq) in enumerate(steps)]

    assert types(Chain(changes), until * HOUR) == told


def test_news_of_the_past_that_is_over_begins_nothing() -> None:
    assert types(Chain([later(0, 1, 2, 0, over=True), later(1, 2, 0, 2, over=True)])) == []


def test_what_came_late_is_sent_when_it_could_be_told_and_keeps_its_onset() -> None:
    (made,) = messages(Chain([later(0, 1, 2, 0, late_s=3600)]), SENDER, AT + 2 * HOUR)

    assert (made.sent, made.infos[0].onset) == (AT + HOUR, AT)


def test_nothing_is_sent_before_what_was_sent_earlier() -> None:
    made = messages(Chain([later(0, 1, 2, 0, late_s=3600), later(0.5, 2, 3, 2)]), SENDER, AT + 2 * HOUR)

    assert [one.sent for one in made] == [AT + HOUR, AT + HOUR]


def test_a_repetition_has_a_name_of_its_own_and_says_that_it_is_one() -> None:
    first, again = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + 7 * HOUR)

    assert (again.identifier, again.note) == (f"{first.identifier}.1", AGAIN)
    assert again.infos[0].headline == first.infos[0].headline


def test_an_open_alert_never_runs_out() -> None:
    for hours in range(1, 100):
        last = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + hours * HOUR)[-1]
        assert last.expires > AT + hours * HOUR, hours


def test_references_do_not_grow_without_end() -> None:
    made = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + 1000 * HOUR)

    assert len(made) > 100
    assert max(len(one.references) for one in made) == 1


def test_an_alert_that_nobody_ever_closed_holds_the_page_for_no_minute() -> None:
    """Each message once costs what it costs; to copy all that were before it, for each, costs the third power."""
    begun = time.process_time()
    made = messages(Chain([later(0, 1, 2, 0)]), SENDER, AT + 2 * 365 * 24 * HOUR)

    assert len(made) > 2000
    assert time.process_time() - begun < 10


def test_a_drill_is_an_exercise_in_its_status_note_and_headline() -> None:
    (made,) = messages(Chain([later(0, 1, 2, 0)], "event", Status.EXERCISE), SENDER, AT + HOUR)

    assert made.status.value == "Exercise"
    assert made.note == EXERCISE
    assert [info.headline.partition(":")[0] for info in made.infos] == ["DIỄN TẬP", "EXERCISE"]


def test_what_is_closed_by_name_is_no_all_clear() -> None:
    closed = later(
        1, 2, 0, 2, source=CLOSED_BY, evidence=[Evidence("đóng vì luật không còn", "the rule is gone")]
    )
    last = messages(Chain([later(0, 1, 2, 0), closed]), SENDER, NIGHT)[-1]

    assert last.type is MsgType.CANCEL
    assert {info.response for info in last.infos} == {"Monitor"}
    assert "Không phải hết nguy" in last.infos[0].instruction
    assert "does not mean" in last.infos[1].instruction


JUDGED = {
    "river, BĐ1": (Kind.RIVER, 1, 0, ("Minor", "Future", "Observed", "Monitor")),
    "river, BĐ2": (Kind.RIVER, 2, 0, ("Moderate", "Expected", "Observed", "Prepare")),
    "river, BĐ3": (Kind.RIVER, 3, 2, ("Severe", "Immediate", "Observed", "Evacuate")),
    "river, falls to BĐ2": (Kind.RIVER, 2, 3, ("Moderate", "Expected", "Observed", "Monitor")),
    "river, over": (Kind.RIVER, 0, 1, ("Minor", "Past", "Observed", "AllClear")),
    "one witness": (Kind.FLOOD, 1, 0, ("Minor", "Expected", "Possible", "Assess")),
    "two witnesses": (Kind.FLOOD, 2, 1, ("Severe", "Immediate", "Observed", "Evacuate")),
    "air, very bad": (Kind.AIR, 3, 2, ("Severe", "Immediate", "Observed", "Shelter")),
    "a level beyond the last": (Kind.RAIN, 5, 0, ("Severe", "Immediate", "Observed", "Avoid")),
}


@pytest.mark.parametrize(("kind", "to", "before", "judged"), JUDGED.values(), ids=JUDGED)
def test_a_level_is_judged_by_the_table(kind: Kind, to: int, before: int, judged: tuple[str, ...]) -> None:
    steps = [later(0, 1, before, 0, kind=kind)] if before else []
    made = messages(
        Chain([*steps, later(1, 2, to, before, kind=kind, **OF_KIND[kind])]), SENDER, AT + 2 * HOUR
    )
    info = made[-1].infos[0]

    assert (info.severity, info.urgency, info.certainty, info.response) == judged


def test_a_forecast_is_likely_and_not_observed() -> None:
    made = messages(Chain([later(0, 1, 2, 0, parameter="street_10min", unit="cm")]), SENDER, AT + HOUR)

    assert {info.certainty for info in made[0].infos} == {"Likely"}


@pytest.mark.parametrize("kind", PUBLIC)
def test_each_message_is_whole_in_both_languages_and_names_nobody(kind: Kind) -> None:
    made = messages(rise_and_fall(kind), SENDER, NIGHT)

    for n, one in enumerate(made):
        assert mistakes(one, made[:n]) == []
        assert [info.language for info in one.infos] == ["vi-VN", "en-US"]
        for info in one.infos:
            assert not re.search(r"\d{8}|http", f"{info.headline}{info.description}{info.instruction}")


@pytest.mark.parametrize("alert", ["river:phu-oc:level:20251101T000000.000Z", "a b,c<d&e%f", "x/y:z"])
def test_a_name_leads_back_to_its_alert_and_has_nothing_that_cap_forbids(alert: str) -> None:
    name = identifier(alert, 12, 3)

    assert not set(name) & set(" ,<&")
    assert alert_of(name) == alert
