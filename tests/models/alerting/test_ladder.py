"""Who is called when nobody answers: stories on a time line, tables, and what holds whenever one looks."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.alert import Kind
from models.alerting.event import AnswerKind
from models.alerting.reach import called_by, ladder_of, reachable
from models.alerting.step import Informed, Message, notification_key
from models.commune.routing import Ladder, Routing, Rung, Shift
from tests.ladders import (
    AT,
    PEOPLE,
    ROLES,
    Line,
    Story,
    event,
    ladder,
    minute,
    without_told,
)
from tests.messages import change, contact, place

TAKEN, FALSE, HELP = AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP
EVERY_MINUTE = range(61)


def test_nobody_answers_all_are_called_and_then_nobody_is_left() -> None:
    story = Story(ladder()).looks(*EVERY_MINUTE)

    assert story.lines == [
        (0, "told", "head"),
        (5, "called", "deputy"),
        (10, "called", "chair"),
        (15, "called", "duty"),
        (20, "nobody", ""),
    ]


def test_one_takes_it_and_nobody_else_is_called() -> None:
    story = Story(ladder())
    story.says(7, "head", TAKEN)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [(5, "called", "deputy"), (7, "taken", "")]


def test_two_are_needed_and_one_takes_it() -> None:
    story = Story(ladder(answers=2))
    story.says(7, "head", TAKEN)
    story.looks(*EVERY_MINUTE)

    assert without_told(story.lines) == [
        (5, "called", "deputy"),
        (10, "called", "chair"),
        (15, "called", "duty"),
        (20, "nobody", ""),
    ]
    assert (story.steps[-1].taken, story.steps[-1].wanted) == (1, 2)


def test_two_are_needed_and_two_take_it() -> None:
    story = Story(ladder(answers=2))
    story.says(2, "head", TAKEN)
    story.says(3, "head", TAKEN)
    story.says(7, "deputy", TAKEN)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [(5, "called", "deputy"), (7, "taken", "")]


def test_help_calls_the_next_rung_at_once_and_only_once_a_person() -> None:
    story = Story(ladder())
    story.says(2, "head", HELP)
    story.says(3, "head", HELP)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [
        (2, "called", "deputy"),
        (2, "help", "head"),
        (10, "called", "chair"),
        (15, "called", "duty"),
        (20, "nobody", ""),
    ]


def test_help_after_somebody_has_taken_it_calls_the_next_rung_too() -> None:
    story = Story(ladder())
    story.says(3, "head", TAKEN)
    story.says(30, "head", HELP)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [
        (3, "taken", ""),
        (30, "called", "deputy"),
        (30, "help", "head"),
    ]


def test_help_when_nobody_is_left_to_call_is_shown_as_nobody() -> None:
    story = Story(ladder(rungs=[Rung(5, [ROLES["deputy"]])]))
    story.says(6, "deputy", TAKEN)
    story.says(9, "deputy", HELP)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [
        (5, "called", "deputy"),
        (6, "taken", ""),
        (9, "help", "deputy"),
        (9, "nobody", "deputy"),
    ]


def test_help_passes_over_a_rung_that_has_nobody() -> None:
    story = Story(ladder(rungs=[Rung(5, ["không ai"]), Rung(10, [ROLES["chair"]])]))
    story.says(1, "head", HELP)

    assert without_told(story.looks(1).lines) == [(1, "called", "chair"), (1, "help", "head")]


FALSE_ALARMS = [
    pytest.param(2, [(3.0, "false", "head")], id="level 2: the calls stop"),
    pytest.param(
        3,
        [(3.0, "false", "head"), (5.0, "called", "deputy"), (10.0, "called", "chair"), (15.0, "called", "duty"), (20.0, "nobody", "")],
        id="level 3: it is shown, the calls go on",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("level", "lines"), FALSE_ALARMS)
def test_a_false_alarm(level: int, lines: list[Line]) -> None:
    story = Story(ladder(), level=level)
    story.says(3, "head", FALSE)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == lines


def test_who_says_false_alarm_after_he_took_it_goes_no_more_and_the_calls_go_on() -> None:
    story = Story(ladder(), level=3)
    story.says(2, "head", TAKEN)
    story.says(7, "head", FALSE)

    assert without_told(story.looks(*EVERY_MINUTE).lines)[:4] == [
        (2, "taken", ""),
        (7, "false", "head"),
        (7, "called", "deputy"),
        (10, "called", "chair"),
    ]


def test_who_takes_it_after_he_said_false_alarm_goes() -> None:
    story = Story(ladder(), level=2)
    story.says(2, "head", FALSE)
    story.says(3, "head", TAKEN)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [(2, "false", "head"), (3, "taken", "")]


def test_the_answer_comes_after_the_second_rung() -> None:
    story = Story(ladder())
    story.says(12, "chair", TAKEN)

    assert without_told(story.looks(*EVERY_MINUTE).lines) == [
        (5, "called", "deputy"),
        (10, "called", "chair"),
        (12, "taken", ""),
    ]


def test_the_next_rise_rings_anew_though_it_was_taken() -> None:
    story = Story(ladder(), level=2)
    story.says(3, "head", TAKEN)
    story.looks(*range(30))
    story.rises(30, 3, "head")
    story.looks(*range(30, 61))

    assert story.lines == [
        (0, "told", "head"),
        (3, "taken", ""),
        (30, "told", "head"),
        (35, "called", "deputy"),
        (40, "called", "chair"),
        (45, "called", "duty"),
        (50, "nobody", ""),
    ]


def test_a_restart_in_the_middle_goes_on_where_it_was() -> None:
    whole = Story(ladder(repeat_min=5)).looks(*EVERY_MINUTE)
    halves = Story(ladder(repeat_min=5)).looks(*range(11))
    after = Story(ladder(repeat_min=5))
    after.steps = list(halves.steps)  # all that a new process knows
    after.looks(*range(11, 61))

    assert halves.lines + after.lines == whole.lines


def test_who_has_not_answered_is_told_again_once() -> None:
    story = Story(ladder(repeat_min=5), told=("head", "room"))
    story.says(4, "room", FALSE)

    assert [line for line in story.looks(*EVERY_MINUTE).lines if line[1] == "repeated"] == [
        (5, "repeated", "head"),
        (10, "repeated", "deputy"),
        (15, "repeated", "chair"),
        (20, "repeated", "duty"),
    ]


def test_when_enough_go_nobody_is_told_again() -> None:
    story = Story(ladder(repeat_min=5), told=("head", "room"))
    story.says(4, "room", TAKEN)

    assert [line for line in story.looks(*EVERY_MINUTE).lines if line[1] == "repeated"] == []


def test_who_was_told_again_and_whose_news_had_failed_is_told_that_it_is_over() -> None:
    story = Story(ladder(repeat_min=5), told=())
    story.told = [Informed("head", minute(0), failed=True), Informed("room", minute(0))]
    story.looks(5)
    story.ends(6)
    story.looks(6)

    assert [line for line in story.lines if line[1] == "over"] == [
        (6, "over", "deputy"),
        (6, "over", "head"),
        (6, "over", ""),
    ]


def test_when_it_is_over_only_who_was_called_and_has_no_news_is_told_so() -> None:
    story = Story(ladder()).looks(*range(12))
    story.told.append(Informed("chair", minute(11)))
    story.ends(13)
    story.looks(13, 14, 60)

    assert story.lines[-2:] == [(13, "over", "deputy"), (13, "over", "")]
    assert [step.message for step in story.steps if step.step == "over"] == [Message.ENDED, None]


def test_an_event_that_had_no_step_has_no_end_either() -> None:
    story = Story(None)
    story.looks(0, 10)
    story.ends(12)

    assert story.looks(12, 60).lines == []


def test_what_is_due_next_is_said() -> None:
    story = Story(ladder(repeat_min=7)).looks(0, 5, 7, 10, 15, 22)

    assert story.look_at == [5, 7, 10, 12, 17, None]


SKIPPED = [
    pytest.param({"told": ("head", "deputy")}, [], "deputy", id="who was told by news"),
    pytest.param({}, [(2.0, "deputy", TAKEN)], "deputy", id="who has answered"),
    pytest.param({"people": [one for one in PEOPLE if one.id != "deputy"]}, [], "deputy", id="whom it does not concern"),
    pytest.param({"level": 2, "told": ()}, [], "", id="all, where nobody was told below level 3"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "answers", "nobody_of"), SKIPPED)
def test_who_is_not_called(
    story: dict[str, object], answers: list[tuple[float, str, AnswerKind]], nobody_of: str
) -> None:
    told = Story(ladder(answers=3), **story)  # type: ignore[arg-type]
    for number, name, kind in answers:
        told.says(number, name, kind)
    called = [name for _, what, name in told.looks(*EVERY_MINUTE).lines if what == "called"]

    assert nobody_of not in called
    assert nobody_of or called == []


def test_at_level_3_the_ladder_climbs_though_nobody_was_told() -> None:
    called = [line for line in Story(ladder(), told=()).looks(*EVERY_MINUTE).lines if line[1] == "called"]

    assert called == [(5, "called", "deputy"), (10, "called", "chair"), (15, "called", "duty")]


def test_whose_news_did_not_arrive_is_called() -> None:
    story = Story(ladder(), told=("head",))
    story.told = [Informed("head", AT), Informed("deputy", AT, failed=True)]

    assert story.looks(5).lines == [(5, "told", "head"), (5, "called", "deputy")]


UNCOUNTED = [
    pytest.param(-1, TAKEN, id="before the rise"),
    pytest.param(1, AnswerKind.UNREAD, id="not understood"),
    pytest.param(1, AnswerKind.CLOSED, id="to an event that is over"),
]


@pytest.mark.parametrize(("number", "kind"), UNCOUNTED)
def test_an_answer_that_does_not_count(number: float, kind: AnswerKind) -> None:
    story = Story(ladder())
    story.says(number, "head", kind)

    assert (5, "called", "deputy") in story.looks(5).lines


BEFORE, AFTER = minute(-60), minute(60)
NIGHT, DAY = Shift("r", ["a"], BEFORE, minute(10)), Shift("r", ["b"], minute(10), AFTER)
DUTY = [
    pytest.param([], 0, ["a", "b", "c"], id="no shifts: all of the role"),
    pytest.param([NIGHT, DAY], 9.9, ["a"], id="the shift"),
    pytest.param([NIGHT, DAY], 10, ["b"], id="the next one begins when the other ends"),
    pytest.param([NIGHT], 20, ["a", "b", "c"], id="a hole in the rota: all of the role"),
    pytest.param([Shift("r", ["far"], BEFORE, AFTER)], 0, ["a", "b", "c"], id="a shift of whom it does not concern"),
    pytest.param([Shift("r", ["x"], BEFORE, AFTER)], 0, ["x"], id="a shift may name one of another role"),
    pytest.param([Shift("other", ["a"], BEFORE, AFTER)], 0, ["a", "b", "c"], id="another role's shift"),
]  # fmt: skip


@pytest.mark.parametrize(("rota", "number", "names"), DUTY)
def test_who_has_the_duty(rota: list[Shift], number: float, names: list[str]) -> None:
    people = [contact(name, role="r") for name in "abc"] + [contact("x", role="other")]

    assert [one.id for one in called_by("r", people, rota, minute(number))] == names


def test_the_duty_is_that_of_when_the_rung_is_due_and_not_of_when_one_looks() -> None:
    people = [contact("a", role="r"), contact("b", role="r")]
    story = Story(ladder(rungs=[Rung(5, ["r"])]), people=people, rota=[NIGHT, DAY])

    assert [name for _, what, name in story.looks(55).lines if what == "called"] == ["a"]


RIVER, FLOOD, AIR = change(level=3), change(level=2, kind=Kind.FLOOD), change(level=3, kind=Kind.AIR)
OF_WATER, OF_ALL = ladder(levels=[3], kinds=[Kind.RIVER, Kind.FLOOD]), ladder(levels=[3], answers=2)
LADDERS = [
    pytest.param(3, [RIVER], OF_WATER, id="the first that fits"),
    pytest.param(3, [AIR], OF_ALL, id="any kind"),
    pytest.param(2, [FLOOD], None, id="no ladder for the level"),
    pytest.param(3, [AIR, FLOOD], OF_ALL, id="only the worst alerts choose it"),
    pytest.param(3, [], OF_ALL, id="no alert is known"),
]


@pytest.mark.parametrize(("level", "alerts", "wanted"), LADDERS)
def test_the_ladder_of_an_event(level: int, alerts: list[object], wanted: Ladder | None) -> None:
    assert ladder_of(event(level), alerts, Routing([OF_WATER, OF_ALL])) == wanted  # type: ignore[arg-type]


def test_without_routing_there_is_no_ladder() -> None:
    assert ladder_of(event(3), [RIVER], None) is None


def test_a_ladder_reaches_whom_news_does_not() -> None:
    people = [contact("head"), contact("deputy", called_only=True), contact("far", hamlets=["khác"]),
              contact("high", called_only=True, least_level=4)]  # fmt: skip

    assert [one.id for one in reachable([change(level=3)], place(people))] == ["head", "deputy"]


def test_a_step_of_another_event_has_another_message() -> None:
    keys = {notification_key(event, key) for event in ("a@1", "b@1") for key in ("1:call:x", "1:call:y")}

    assert len(keys) == 4
    assert {len(key) for key in keys} == {40}


# --- whenever one looks -----------------------------------------------------------------------------------------------

NAMES = st.sampled_from([*ROLES, "room"])
MINUTES = st.integers(0, 90)
ANSWERS = st.lists(st.tuples(MINUTES, NAMES, st.sampled_from([TAKEN, FALSE, HELP])), max_size=6)
STOPPING = st.lists(st.tuples(MINUTES, NAMES, st.sampled_from([TAKEN, FALSE])), max_size=6)
RISES = st.lists(st.integers(1, 90), max_size=2, unique=True)
WAYS = st.builds(
    lambda answers, repeat_min, afters: ladder(
        answers=answers,
        repeat_min=repeat_min,
        rungs=[Rung(after, rung.roles) for after, rung in zip(afters, ladder().rungs, strict=True)],
    ),
    st.integers(1, 3),
    st.none() | st.integers(1, 20),
    st.lists(st.integers(0, 30), min_size=3, max_size=3),
)
LEVELS = st.sampled_from([2, 3])
ROOM = contact("room", role="trực ban")


def played(
    way: Ladder, level: int, answers: list[tuple[int, str, AnswerKind]], rises: list[int], looks: list[int]
) -> Story:
    """The story looked at in these minutes; rises are minutes in which it rises by one."""
    story = Story(way, level=level, told=("head", "room"), people=[*PEOPLE, ROOM])
    for number, name, kind in answers:
        story.says(number, name, kind)
    left = sorted(rises)
    for number in sorted({*looks, *rises}):
        if left and left[0] == number:
            left.pop(0)
            story.rises(number, min(story.event.level + 1, 5), "head", "room")
        if number in looks:
            story.looks(number)
    return story


@given(WAYS, LEVELS, ANSWERS, RISES, st.lists(MINUTES, min_size=1, max_size=40))
def test_no_key_is_made_twice_and_nobody_is_called_twice_for_a_rise(
    way: Ladder, level: int, answers: list[tuple[int, str, AnswerKind]], rises: list[int], looks: list[int]
) -> None:
    story = played(way, level, answers, rises, sorted(looks * 2))
    calls = [(step.key.partition(":")[0], step.contact, step.message) for step in story.steps if step.message]

    assert len(story.keys()) == len(story.steps)
    assert len(set(calls)) == len(calls)


@given(
    WAYS,
    st.lists(
        st.tuples(MINUTES, st.sampled_from(["passer", "nurse"]), st.sampled_from([FALSE, HELP])), max_size=3
    ),
)
def test_who_looks_once_an_hour_finds_the_same_steps_as_who_looks_every_second_only_later(
    way: Ladder, answers: list[tuple[int, str, AnswerKind]]
) -> None:
    """Of an event that nothing has stopped, and whose receivers are silent: what is needless by the time one looks is not done late."""
    often = played(way, 3, answers, [], list(range(241)))
    seldom = played(way, 3, answers, [], list(range(0, 24 * 60 + 1, 60)))

    assert seldom.keys() == often.keys()
    when = {step.key: step.at for step in often.steps}
    assert all(step.at >= when[step.key] for step in seldom.steps)


@given(WAYS, LEVELS, STOPPING, st.lists(MINUTES, min_size=1, max_size=10))
def test_who_looks_late_rings_nobody_whom_who_looks_often_does_not_ring(
    way: Ladder, level: int, answers: list[tuple[int, str, AnswerKind]], looks: list[int]
) -> None:
    often = played(way, level, answers, [], list(range(91)))
    late = played(way, level, answers, [], [*looks, 90])
    rung = {step.contact for step in late.steps if step.message is Message.CALL}

    assert rung <= {step.contact for step in often.steps if step.message is Message.CALL}


@given(WAYS, LEVELS, ANSWERS, st.lists(MINUTES, min_size=1, max_size=10))
def test_it_says_when_to_look_again(
    way: Ladder, level: int, answers: list[tuple[int, str, AnswerKind]], looks: list[int]
) -> None:
    """Between a look and what it names as the next nothing is due that only time brings; where it names none, in a week."""
    story = played(way, level, answers, [], [*looks, 90])
    wait = story.look_at[-1]
    before = len(story.steps)
    story.looks(7 * 1440 if wait is None else wait - 0.01)
    silent = len(story.steps) == before
    if wait is not None:
        story.looks(wait)

    assert silent
    assert wait is None or len(story.steps) > before or _empty(story)


def _empty(story: Story) -> bool:
    """A rung may be due of which everybody was told or has answered."""
    reached = {step.contact for step in story.steps} | {each.contact for each in story.answers}
    return {one.id for one in PEOPLE} <= reached


def test_a_story_of_a_week_ends(  # a ladder of the longest wait
) -> None:
    way = ladder(rungs=[Rung(1440, [ROLES["deputy"]])], repeat_min=1440)
    story = Story(way).looks(*range(0, 7 * 1440, 60))

    assert without_told(story.lines) == [
        (1440, "called", "deputy"),
        (1440, "repeated", "head"),
        (2880, "repeated", "deputy"),
        (2880, "nobody", ""),
    ]
    assert story.look_at[-1] is None


def test_the_minutes_count_from_the_rise_on_whatever_the_zone_of_the_clock() -> None:
    story = Story(ladder())
    story.event = msgspec.structs.replace(story.event, risen_at=AT + timedelta(seconds=30))

    assert story.looks(5, 5.49).lines == [(5, "told", "head")]
    assert story.looks(5.5).lines[-1] == (5.5, "called", "deputy")
