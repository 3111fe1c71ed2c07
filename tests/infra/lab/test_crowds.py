"""Rendered crowds: as many people as they say, the same for each seed; and the shipped net finds them in tiles."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from infra.lab.training.card import CROWDS
from infra.lab.training.command import WEIGHTS
from infra.rehearsal.simulator.scene.crowd import LEAST, MOST, crowd_scene
from models.cameras.again import sure
from models.vision.crowd_tiles import MANY, cut, merged
from models.vision.load import load


@pytest.mark.parametrize("seed", [*CROWDS[:2], 5000])
def test_a_crowd_has_as_many_as_it_says_and_is_the_same_for_its_seed(seed: int) -> None:
    picture, boxes = crowd_scene(seed)
    again, same = crowd_scene(seed)

    assert LEAST <= len(boxes) <= MOST
    assert (boxes >= 0).all()
    assert (boxes <= [1280, 720, 1280, 720]).all()
    assert np.array_equal(picture, again)
    assert np.array_equal(boxes, same)


def test_of_crowds_of_thirty_to_sixty_three_quarters_are_found_at_the_second_look() -> None:
    net = load(WEIGHTS / "people.xml", threads=1)
    crowds = [crowd_scene(seed) for seed in CROWDS[:4]]
    wholes = net([np.asarray(cv2.resize(picture, (640, 360)), np.uint8) for picture, _ in crowds])
    found = [merged(whole, net(cut(picture))) for whole, (picture, _) in zip(wholes, crowds, strict=True)]

    assert all(len(sure(whole)) >= MANY for whole in wholes)
    true = sum(len(boxes) for _, boxes in crowds)
    assert 0.75 <= sum(len(sure(one)) for one in found) / true <= 1.1
