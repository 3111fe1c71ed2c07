"""Looks shared out: all while they fit, rank after rank when they do not, and nobody for nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cameras.pace import ANEW_S, FIRST, Meter
from models.cameras.share import FULL, LEAST_EVERY_S, Demand, Turns, rank, share_out
from models.catalogue.purposes import Purpose
from models.vision.busy import ZONE, is_busy
from models.vision.camera import Busy, Camera

DEMANDS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.builds(Demand, st.floats(0.01, 25), st.floats(0.0005, 0.5), st.integers(1, 4)),
    min_size=1,
    max_size=41,
)


def load(demands: dict[str, Demand], shares: dict[str, float]) -> float:
    return sum(demand.rate_per_s * demand.cost_s * shares[name] for name, demand in demands.items())


@given(DEMANDS)
def test_looks_never_take_more_than_there_is(demands: dict[str, Demand]) -> None:
    assert load(demands, share_out(demands)) <= FULL * (1 + 1e-9)


@given(DEMANDS)
def test_what_there_is_is_used_or_nothing_is_left_to_wish(demands: dict[str, Demand]) -> None:
    shares = share_out(demands)

    assert load(demands, shares) >= FULL * (1 - 1e-9) or all(share >= 1 - 1e-9 for share in shares.values())


@given(DEMANDS)
def test_no_camera_is_left_out(demands: dict[str, Demand]) -> None:
    assert all(0 < share <= 1 + 1e-9 for share in share_out(demands).values())


@given(DEMANDS)
def test_a_later_rank_gets_more_than_the_least_only_when_the_earlier_has_all(
    demands: dict[str, Demand],
) -> None:
    shares = share_out(demands)
    for name, demand in demands.items():
        least = min(1.0, 1 / (LEAST_EVERY_S * demand.rate_per_s))
        if shares[name] > least + 1e-9:
            earlier = [shares[other] for other, each in demands.items() if each.rank < demand.rank]
            assert all(share >= 1 - 1e-9 for share in earlier)


FIRST_SERVED = [
    pytest.param(
        {}, Purpose.FLOOD, Purpose.RESIDENTIAL, id="an ordinary day: places that flood before homes"
    ),
    pytest.param({}, Purpose.RESIDENTIAL, Purpose.OFFICE, id="an ordinary day: homes before offices"),
    pytest.param(
        {"rising": True}, Purpose.FLOOD, Purpose.RESIDENTIAL, id="the river rises: floods before homes"
    ),
    pytest.param({"rising": True}, Purpose.GATE, Purpose.OFFICE, id="the river rises: gates before offices"),
    pytest.param(
        {"rising": True, "busy": True}, Purpose.FLOOD, Purpose.RESIDENTIAL, id="both: the river counts more"
    ),
]


@pytest.mark.parametrize(("day", "first", "second"), FIRST_SERVED)
def test_who_is_served_first_hangs_on_the_day(day: dict[str, bool], first: Purpose, second: Purpose) -> None:
    day = {"rising": False, "busy": False} | day

    assert rank(first, **day) < rank(second, **day)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_camera_is_never_served_later_in_its_busy_hours(purpose: Purpose) -> None:
    assert rank(purpose, rising=False, busy=True) < rank(purpose, rising=False, busy=False)


BUSY = [
    pytest.param(Busy("04:30", "10:00"), "2026-09-06T05:00", True, id="within"),
    pytest.param(Busy("04:30", "10:00"), "2026-09-06T10:00", False, id="at its end"),
    pytest.param(Busy("04:30", "10:00", [7]), "2026-09-06T05:00", True, id="on its day, a Sunday"),
    pytest.param(Busy("04:30", "10:00", [1]), "2026-09-06T05:00", False, id="on another day"),
    pytest.param(
        Busy("22:00", "02:00", [6]), "2026-09-06T01:59", True, id="past midnight, of the day before"
    ),
    pytest.param(Busy("22:00", "02:00", [7]), "2026-09-06T01:59", False, id="past midnight, not begun today"),
    pytest.param(Busy("22:00", "02:00", [7]), "2026-09-06T23:00", True, id="before midnight"),
]


@pytest.mark.parametrize(("busy", "at", "inside"), BUSY)
def test_busy_hours_are_those_of_the_commune(busy: Busy, at: str, inside: bool) -> None:
    at_ms = round(datetime.fromisoformat(at).replace(tzinfo=ZONE).timestamp() * 1000)

    assert is_busy([busy], at_ms) == inside


@pytest.mark.parametrize("share", [1.0, 0.5, 0.3, 1 / 7, 0.01])
def test_a_share_of_frames_is_taken_evenly(share: float) -> None:
    turns = Turns()
    taken = [i for i in range(1000) if turns.due(share)]

    assert taken[0] == 0
    assert abs(len(taken) - 1000 * share) <= 2
    assert max(b - a for a, b in pairwise(taken)) <= 1 / share + 1


def minute(meter: Meter, cameras: list[str], cost_s: float, begin_s: float) -> dict[str, int]:
    """A minute in which each camera sends a frame a second; who is looked at how often in its second half."""
    looks = dict.fromkeys(cameras, 0)
    for second in range(60):
        now_s = begin_s + second
        admitted = [camera for camera in cameras if meter.admit(camera, round(now_s * 1000))]
        meter.spent(len(admitted), cost_s * len(admitted))
        meter.anew(now_s, rising=False)
        for camera in admitted if second >= 30 else []:
            looks[camera] += 1
    return looks


CAMERAS = {
    name: Camera(name, name, ["la-van-ha"], "/film", purpose=purpose)
    for i in range(4)
    for name, purpose in ((f"flood-{i}", Purpose.FLOOD), (f"home-{i}", Purpose.RESIDENTIAL))
}


def test_a_machine_that_holds_all_looks_at_all() -> None:
    looks = minute(Meter(CAMERAS), list(CAMERAS), 0.005, 0)

    assert set(looks.values()) == {30}


def test_a_machine_that_holds_half_looks_at_places_that_flood() -> None:
    looks = minute(Meter(CAMERAS), list(CAMERAS), 0.16, 0)

    assert all(looks[name] == 30 for name in CAMERAS if name.startswith("flood"))
    assert all(1 <= looks[name] <= 15 for name in CAMERAS if name.startswith("home"))


def test_a_neighbour_that_goes_gives_the_looks_back() -> None:
    meter = Meter(CAMERAS)
    minute(meter, list(CAMERAS), 0.3, 0)
    for again in range(1, 4):
        looks = minute(meter, list(CAMERAS), 0.005, 60 * again)

    assert set(looks.values()) == {30}


def test_a_recording_is_looked_at_whole() -> None:
    looks = minute(Meter(CAMERAS, rationed=False), list(CAMERAS), 5.0, 0)

    assert set(looks.values()) == {30}


def test_the_pace_of_a_camera_is_told_with_what_the_machine_holds() -> None:
    meter = Meter(CAMERAS)
    minute(meter, list(CAMERAS), 0.16, 0)
    told = []
    for second in range(60, 60 + 2 * round(ANEW_S)):
        for camera in CAMERAS:
            meter.admit(camera, second * 1000)
        told = meter.anew(second, rising=False) or told

    by = {pace.camera: pace for pace in told}
    assert by["flood-0"].wanted_s == pytest.approx(1, abs=0.01)
    assert by["flood-0"].every_s == pytest.approx(1, abs=0.01)
    assert by["home-0"].every_s > 2
    assert by["home-0"].held == pytest.approx(5, rel=0.01)
    assert by["home-0"].wished == pytest.approx(8, rel=0.2)


def test_the_first_looks_cost_nothing_yet() -> None:
    meter = Meter(CAMERAS)
    meter.spent(FIRST, 100.0)
    meter.anew(0, rising=False)
    meter.anew(ANEW_S + 1, rising=False)

    assert all(meter.admit(camera, 0) for camera in CAMERAS for _ in range(5))
