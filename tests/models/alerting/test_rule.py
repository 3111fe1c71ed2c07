"""Levels, hysteresis and hold time, told as rivers and nights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.rule import LevelState, Limits
from models.commune.configuration import Rule
from tests.builders import MINUTE, oxygen_rule, rule

STORIES: dict[str, tuple[Rule, list[float], list[int]]] = {
    "below the first limit nothing happens": (rule(), [1.0, 1.49], [0, 0]),
    "at the limit the level is reached": (rule(), [1.0, 1.5], [0, 1]),
    "between clear and raise limit the level stays": (rule(), [1.6, 1.45, 1.31], [1, 1, 1]),
    "at the clear limit the level is left": (rule(), [1.6, 1.3], [1, 0]),
    "a jump over two limits is one step": (rule(), [1.0, 4.6], [0, 3]),
    "a fall goes to the highest level not yet cleared": (rule(), [4.6, 2.9, 2.0, 1.0], [3, 2, 1, 0]),
    "oxygen is bad below its limit": (oxygen_rule(), [4.0, 3.0, 2.99, 1.9], [0, 0, 1, 2]),
    "oxygen clears only well above its limit": (oxygen_rule(), [1.9, 2.4, 2.5, 3.4, 3.5], [2, 2, 1, 1, 0]),
    "a rise must last the hold time": (rule(hold_s=600), [1.6, 1.6, 1.6], [0, 0, 1]),
    "one odd value raises nothing": (rule(hold_s=600), [1.6, 1.0, 1.6, 1.6], [0, 0, 0, 0]),
    "one odd value clears nothing": (rule(hold_s=600), [1.6, 1.6, 1.6, 0.5, 1.6, 0.5], [0, 0, 1, 1, 1, 1]),
    "a fall must last the hold time": (rule(hold_s=600), [1.6, 1.6, 1.6, 0.5, 0.5, 0.5], [0, 0, 1, 1, 1, 0]),
}


@pytest.mark.parametrize(("one", "values", "levels"), STORIES.values(), ids=STORIES.keys())
def test_the_level_follows_the_story_at_one_value_each_five_minutes(
    one: Rule, values: list[float], levels: list[int]
) -> None:
    state = LevelState()
    limits, seen = Limits(one), []
    for i, value in enumerate(values):
        limits.judge(state, i * 5 * MINUTE, value)
        seen.append(state.reached)

    assert seen == levels


@given(st.lists(st.floats(0, 6), max_size=60), st.sampled_from([0, 600]))
def test_steps_form_an_unbroken_chain(values: list[float], hold_s: int) -> None:
    limits, state, level = Limits(rule(hold_s=hold_s)), LevelState(), 0
    for i, value in enumerate(values):
        step = limits.judge(state, i * 5 * MINUTE, value)
        if step is not None:
            assert step.previous == level != step.level
            level = step.level

    assert state.reached == level


def test_a_level_that_the_configuration_has_lost_since_is_left_like_the_highest_that_remains() -> None:
    """The flow's memory is older than the edited rules.yaml."""
    state = LevelState()
    assert Limits(rule()).judge(state, 0, 5.0) is not None
    fewer = rule(levels=rule().levels[:2])
    step = Limits(fewer).judge(state, MINUTE, 0.5)

    assert step is not None
    assert (step.previous, step.level) == (2, 0)
