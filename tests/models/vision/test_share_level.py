"""The level from a zone's share: monotone, within what was seen only."""

from __future__ import annotations

import numpy as np
import pytest

from models.vision.share_level import Curve, learn, monotone


def pairs(count: int = 600, noise: float = 1.0) -> tuple[list[float], list[float]]:
    random = np.random.default_rng(5)
    shares = random.uniform(0.2, 0.7, count)
    return shares.tolist(), (80 + 60 * (shares - 0.2) ** 1.5 + random.normal(0, noise, count)).tolist()


def test_a_curve_is_learned_and_never_falls() -> None:
    curve = learn(*pairs())
    assert curve is not None
    told = [curve.level(share) for share in np.linspace(0.22, 0.68, 40)]
    levels = [found[0] for found in told if found is not None]

    assert len(levels) == 40
    assert levels == sorted(levels)
    assert levels[20] == pytest.approx(80 + 60 * (np.linspace(0.22, 0.68, 40)[20] - 0.2) ** 1.5, abs=1.0)


@pytest.mark.parametrize(
    "share", [0.0, 0.19, 0.71, 1.0], ids=["none", "just below", "just above", "a saturated night"]
)
def test_outside_what_was_seen_no_level_is_told(share: float) -> None:
    curve = learn(*pairs())
    assert curve is not None

    assert curve.level(share) is None


def test_single_wrong_pictures_do_not_bend_it() -> None:
    shares, levels = pairs()
    clean = learn(shares, levels)
    spoilt = learn([*shares, 0.3, 0.45, 0.6], [*levels, 400.0, -90.0, 500.0])
    assert clean is not None
    assert spoilt is not None
    for share in (0.3, 0.45, 0.6):
        at, there = clean.level(share), spoilt.level(share)
        assert at is not None
        assert there is not None
        assert at[0] == pytest.approx(there[0], abs=0.5)


@pytest.mark.parametrize(
    ("name", "shares"), [("too few", [0.1, 0.2, 0.3] * 5), ("all of one share", [0.4] * 100)]
)
def test_what_teaches_nothing_gives_no_curve(name: str, shares: list[float]) -> None:
    assert learn(shares, [50.0] * len(shares)) is None, name


@pytest.mark.parametrize(
    ("name", "shares", "levels"),
    [("of two lengths", [0.1, 0.2], [1.0]), ("not finite", [float("nan")] * 50, [1.0] * 50)],
)
def test_pairs_that_are_none_are_refused(name: str, shares: list[float], levels: list[float]) -> None:
    with pytest.raises(ValueError, match="shares and levels"):
        learn(shares, levels)
    assert name


def test_neighbours_that_fall_are_pooled_by_their_weight() -> None:
    assert monotone(np.array([1.0, 3.0, 2.0, 5.0]), np.array([1.0, 1.0, 3.0, 1.0])).tolist() == [
        1.0,
        2.25,
        2.25,
        5.0,
    ]


def test_a_curve_says_how_unsure_it_is() -> None:
    quiet, loud = learn(*pairs(noise=0.5)), learn(*pairs(noise=4.0))
    assert isinstance(quiet, Curve)
    assert isinstance(loud, Curve)
    low, high = quiet.level(0.5), loud.level(0.5)
    assert low is not None
    assert high is not None

    assert low[1] < high[1] / 3
