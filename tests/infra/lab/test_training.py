"""How the people net is made and measured: what is labelled, what is greyed out, what is compared, what is shipped."""

from __future__ import annotations

import re

import numpy as np
import pytest

from connectors.settings import ROOT
from infra.lab.training import card, people, rendered
from infra.lab.training.labels import Labelled, labelled, standing, without
from infra.lab.training.measure import count_error, matches, score, sure
from infra.rehearsal.simulator.scene.camera import VIEWS, random_scene, render
from models.vision.detection import Detections
from models.vision.letterbox import GREY
from models.vision.load import load

WEIGHTS = ROOT / "infra" / "deploy" / "weights"
PICTURE = np.full((100, 100, 3), 7, np.uint8)
LEFT, RIGHT = (0.1, 0.1, 0.3, 0.5), (0.6, 0.1, 0.8, 0.5)


def found(*scored: tuple[tuple[float, float, float, float], float]) -> Detections:
    boxes = np.array([box for box, _ in scored], np.float32).reshape(-1, 4)
    scores = np.array([value for _, value in scored], np.float32)
    return Detections(boxes, scores, np.zeros(len(scored), np.int64))


class Says:
    """A detector that finds the same in every picture."""

    name, size = "says", (320, 320)

    def __init__(self, what: Detections) -> None:
        self._what = what

    def __call__(self, pictures: list[np.ndarray]) -> list[Detections]:
        return [self._what for _ in pictures]


NOBODY = found()


@pytest.mark.parametrize(
    ("first", "second", "people"),
    [
        pytest.param(found((LEFT, 0.9)), NOBODY, 1, id="one net is sure: a person"),
        pytest.param(found((LEFT, 0.4)), NOBODY, 0, id="one net alone and unsure: nobody"),
        pytest.param(found((LEFT, 0.4)), found((LEFT, 0.3)), 1, id="unsure, but both see it: a person"),
        pytest.param(found((LEFT, 0.4)), found((RIGHT, 0.9)), 0, id="they see different things: nobody"),
        pytest.param(NOBODY, NOBODY, 0, id="nothing seen"),
    ],
)
def test_two_nets_agree_on_who_is_a_person(first: Detections, second: Detections, people: int) -> None:
    (one,) = labelled([PICTURE], Says(first), Says(second))
    assert len(one.boxes) == people


def test_what_is_in_doubt_is_greyed_out_and_the_rest_stays() -> None:
    (one,) = labelled([PICTURE], Says(found((LEFT, 0.9), (RIGHT, 0.3))), Says(NOBODY))
    assert (one.picture[10:50, 60:80] == GREY).all()
    assert (one.picture[10:50, 10:30] == 7).all()
    assert (PICTURE == 7).all()


def test_a_doubt_never_covers_a_person_who_is_sure() -> None:
    wide = (0.0, 0.0, 1.0, 1.0)
    (one,) = labelled([PICTURE], Says(found((LEFT, 0.9), (wide, 0.25))), Says(NOBODY))
    assert (one.picture[10:50, 10:30] == 7).all()
    assert (one.picture[60:, :] == GREY).all()


def test_what_stands_through_the_film_is_no_person_and_who_walks_is() -> None:
    walking = [(0.1 * i, 0.5, 0.1 * i + 0.08, 0.9) for i in range(8)]
    film = [found((RIGHT, 0.5), (where, 0.9)) for where in walking]
    things = standing(film)
    assert things == pytest.approx(np.array([RIGHT], np.float32))
    left = without(Labelled(PICTURE, np.array([RIGHT, LEFT], np.float32)), things)
    assert left.boxes == pytest.approx(np.array([LEFT], np.float32))


def test_a_box_is_matched_once_only() -> None:
    one, both = np.array([LEFT], np.float32), np.array([LEFT, LEFT], np.float32)
    assert len(matches(one, both)) == 1


def test_precision_counts_what_is_no_person_and_recall_who_is_missed() -> None:
    got = score([np.array([LEFT, RIGHT], np.float32)], [np.array([LEFT], np.float32)])
    assert (got.precision, got.recall) == (0.5, 1.0)
    missed = score([np.array([LEFT], np.float32)], [np.array([LEFT, RIGHT], np.float32)])
    assert (missed.precision, missed.recall) == (1.0, 0.5)


def test_counts_are_compared_without_a_sign_and_scores_from_the_limit_on() -> None:
    assert count_error([1, 5], [3, 4]) == 1.5
    assert len(sure(found((LEFT, 0.4), (RIGHT, 0.39)), np.float32(0.4))) == 1


def test_what_is_measured_was_never_learned_from() -> None:
    learned = range(rendered.FIRST_SEED, rendered.FIRST_SEED + rendered.RANDOM)
    assert not set(card.UNSEEN) & set(learned)
    assert not set(card.CROWDS) & set(learned)
    # 20 s at 7 frames a second: who walks through the last told frame has left before the first that is learned.
    assert people.FIRST - card.YARD_TOLD > 20 * 7


def test_the_card_names_each_hash_and_says_where_plain_coco_is_better() -> None:
    worse, better = card.Row(1.5, 0.5, 0.6, None), card.Row(0.5, 0.0, 0.9, None)
    how = dict.fromkeys(("pictures", "seed", "command", "time", "machine"), "x")
    rows = {card.FILMS[0]: {"ours": worse, "coco": better}, card.FILMS[1]: {"ours": better, "coco": worse}}
    text = card.card(rows, {"people.bin": "ab" * 32}, how)
    assert "ab" * 32 in text
    assert f"{card.FILMS[0]} 1.50 / 0.50, kém hơn (worse)" in text
    assert f"{card.FILMS[1]} 0.50 / 1.50, tốt hơn (better)" in text


def test_the_shipped_net_is_the_one_of_its_card_and_below_ten_megabytes() -> None:
    words = (WEIGHTS / "people.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"`(people\.\w+)` sha256 `([0-9a-f]{64})`", words))
    assert said == card.hashed(WEIGHTS)
    assert sum((WEIGHTS / name).stat().st_size for name in said) < 10_000_000


@pytest.fixture(scope="module")
def net() -> card.Detector:
    return load(WEIGHTS / "people.xml", threads=1)


@pytest.mark.parametrize(("camera", "hour"), [("cho-quang-tho", 7.4), ("duong-la-van", 7.4)])
def test_the_shipped_net_finds_most_people_of_a_camera(net: card.Detector, camera: str, hour: float) -> None:
    picture, boxes = render(VIEWS[camera], hour * 3600)
    truth = card.Truth([picture], [len(boxes)], [boxes / np.tile(picture.shape[1::-1], 2).astype(np.float32)])
    got = card.measured(net, truth).boxes
    assert got is not None
    assert got.recall > 0.7
    assert got.precision > 0.8


def test_the_shipped_net_finds_nobody_where_nobody_is(net: card.Detector) -> None:
    empty = [render(VIEWS["cho-quang-tho"], hour * 3600.0) for hour in (1, 2, 3, 20, 23)]
    assert [len(boxes) for _, boxes in empty] == [0] * 5
    assert [len(sure(one, card.CONFIDENCE)) for one in net([picture for picture, _ in empty])] == [0] * 5


def test_the_shipped_net_finds_people_in_places_it_never_saw(net: card.Detector) -> None:
    shots = [random_scene(seed) for seed in range(9300, 9320)]
    truth = card.Truth(
        [picture for picture, _ in shots],
        [len(boxes) for _, boxes in shots],
        [(b / np.tile(p.shape[1::-1], 2)).astype(np.float32) for p, b in shots],
    )
    got = card.measured(net, truth).boxes
    assert got is not None
    assert got.f1 > 0.8
