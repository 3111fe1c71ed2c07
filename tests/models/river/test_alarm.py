"""Where the water stands against the alarm levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.river.alarm import AlarmLevel, nearest_alarm, reached, sentence

PHU_OC = (AlarmLevel(1, 1.5), AlarmLevel(2, 3.0), AlarmLevel(3, 4.5))
KIM_LONG = (AlarmLevel(1, 1.0), AlarmLevel(2, 2.0), AlarmLevel(3, 3.5))
"""Decision 05/2020/QĐ-TTg."""
LEVELS = st.floats(-1, 10, allow_nan=False)


@pytest.mark.parametrize(
    ("level_m", "alarms", "vi", "en"),
    [
        pytest.param(3.43, PHU_OC, "trên báo động II 0,43 m", "above level II by 0.43 m", id="Phú Ốc"),
        pytest.param(2.22, KIM_LONG, "trên báo động II 0,22 m", "above level II by 0.22 m", id="Kim Long"),
        pytest.param(4.2, PHU_OC, "dưới báo động III 0,30 m", "below level III by 0.30 m", id="below"),
        pytest.param(1.5, PHU_OC, "ngang báo động I", "at level I", id="at the level"),
        pytest.param(1.504, PHU_OC, "ngang báo động I", "at level I", id="less than a centimetre"),
        pytest.param(
            5.81,
            KIM_LONG,
            "trên báo động III 2,31 m",
            "above level III by 2.31 m",
            id="1999 peak",
        ),
        pytest.param(-0.2, PHU_OC, "dưới báo động I 1,70 m", "below level I by 1.70 m", id="below the sea"),
    ],
)
def test_a_level_is_told_by_its_nearest_alarm(
    level_m: float, alarms: tuple[AlarmLevel, ...], vi: str, en: str
) -> None:
    assert sentence(level_m, alarms) == (vi, en)


def test_halfway_between_two_alarms_the_reached_one_is_named() -> None:
    assert nearest_alarm(2.25, PHU_OC) == (PHU_OC[0], 75)


def test_a_gauge_without_alarms_stands_nowhere() -> None:
    with pytest.raises(ValueError, match="without alarm levels"):
        nearest_alarm(1.0, ())


@given(LEVELS)
def test_alarm_and_distance_add_up_to_the_printed_level(level_m: float) -> None:
    near, delta_cm = nearest_alarm(level_m, PHU_OC)

    assert round(near.level_m * 100) + delta_cm == round(level_m * 100)
    assert all(abs(delta_cm) <= abs(round(level_m * 100) - round(one.level_m * 100)) for one in PHU_OC)


@pytest.mark.parametrize(
    ("level_m", "highest"),
    [
        pytest.param(1.49, None, id="below all"),
        pytest.param(1.5, PHU_OC[0], id="the figure itself is reached"),
        pytest.param(4.6, PHU_OC[2], id="above all"),
    ],
)
def test_the_highest_level_reached(level_m: float, highest: AlarmLevel | None) -> None:
    assert reached(level_m, PHU_OC) == highest
