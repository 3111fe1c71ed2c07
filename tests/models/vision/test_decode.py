"""Each kind of output is known by its shape, and gives the boxes that were put into it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.vision.decode import Head, UnknownOutputError, cells, decode, head
from models.vision.letterbox import Fit, fit, fractions, letterboxed
from models.vision.nms import OVERLAP, iou, kept

SIZE = (64, 64)
N = cells(SIZE)
WHOLE = Fit(0, 0, 64, 64)
BOX = (16.0, 8.0, 32.0, 40.0)
"""x1, y1, x2, y2 in pixels of the net's input."""


def anchors(score: float, cls: int, count: int = 3) -> NDArray[np.float32]:
    out = np.zeros((1, 4 + count, N), np.float32)
    x1, y1, x2, y2 = BOX
    out[0, :4, 7] = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    out[0, 4 + cls, 7] = score
    return out


def final(score: float, cls: int) -> NDArray[np.float32]:
    out = np.zeros((1, 20, 6), np.float32)
    out[0, 4] = [*BOX, score, cls]
    return out


def grid(score: float, cls: int, count: int = 3) -> NDArray[np.float32]:
    out = np.zeros((1, N, 5 + count), np.float32)
    x1, y1, x2, y2 = BOX
    # The cell in column 1, row 2 of the second stride (16), behind the 64 of the first.
    cell = 64 + 2 * 4 + 1
    out[0, cell, :2] = (x1 + x2) / 2 / 16 - 1, (y1 + y2) / 2 / 16 - 2
    out[0, cell, 2:4] = np.log((x2 - x1) / 16), np.log((y2 - y1) / 16)
    out[0, cell, 4], out[0, cell, 5 + cls] = 0.8, score / 0.8
    return out


KINDS = [
    pytest.param(Head.ANCHORS, anchors, id="YOLOv8"),
    pytest.param(Head.FINAL, final, id="YOLO26"),
    pytest.param(Head.GRID, grid, id="YOLOX"),
]


@pytest.mark.parametrize(
    ("shape", "size", "kind"),
    [
        pytest.param((1, 84, 8400), (640, 640), Head.ANCHORS, id="YOLOv8, YOLO11 and the int8 tflite"),
        pytest.param((1, 5, 2100), (320, 320), Head.ANCHORS, id="our own, one class"),
        pytest.param((1, 300, 6), (640, 640), Head.FINAL, id="YOLO26"),
        pytest.param((1, 300, 6), (320, 320), Head.FINAL, id="YOLO26 at 320"),
        pytest.param((1, 3549, 85), (416, 416), Head.GRID, id="YOLOX-Nano"),
        pytest.param((1, 756, 6), (192, 192), Head.GRID, id="person_192"),
    ],
)
def test_the_kind_of_output_is_known_by_its_shape(
    shape: tuple[int, ...], size: tuple[int, int], kind: Head
) -> None:
    assert head(shape, size) is kind


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((1, 1000), id="a classifier"),
        pytest.param((1, 80, 2100), id="another input's size"),
        pytest.param((2, 84, N), id="two pictures"),
        pytest.param((1, 4, N), id="no class"),
        pytest.param((1, 300, 7), id="seven columns"),
    ],
)
def test_another_output_is_refused_with_what_would_be_understood(shape: tuple[int, ...]) -> None:
    with pytest.raises(UnknownOutputError, match=rf"expected one of \(1, 4\+c, {N}\)"):
        head(shape, SIZE)


@pytest.mark.parametrize(("kind", "made"), KINDS)
def test_a_box_comes_out_where_it_was_put_in(kind: Head, made: object) -> None:
    found = decode(kind, made(0.7, 2), SIZE, WHOLE, least=0.2, classes=None)  # type: ignore[operator]

    np.testing.assert_allclose(found.boxes, [np.array(BOX) / 64], atol=1e-5)
    np.testing.assert_allclose(found.scores, [0.7], atol=1e-5)
    assert found.classes.tolist() == [2]


@pytest.mark.parametrize(("kind", "made"), KINDS)
def test_another_class_and_a_low_score_are_left_out(kind: Head, made: object) -> None:
    assert len(decode(kind, made(0.7, 2), SIZE, WHOLE, least=0.2, classes=(0,))) == 0  # type: ignore[operator]
    assert len(decode(kind, made(0.1, 0), SIZE, WHOLE, least=0.2, classes=(0,))) == 0  # type: ignore[operator]


@pytest.mark.parametrize(("kind", "made"), KINDS)
def test_a_box_that_is_no_number_is_dropped(kind: Head, made: object) -> None:
    out = made(0.7, 0)  # type: ignore[operator]
    coordinates = out[0, :4] if kind is Head.ANCHORS else out[0, :, :4]
    coordinates[:] = np.nan

    assert len(decode(kind, out, SIZE, WHOLE, least=0.2, classes=None)) == 0


def test_what_is_rather_a_dog_is_no_person() -> None:
    out = anchors(0.5, 0)
    out[0, 5, 7] = 0.6

    assert len(decode(Head.ANCHORS, out, SIZE, WHOLE, least=0.2, classes=(0,))) == 0


def test_boxes_in_fractions_of_the_input_are_scaled() -> None:
    out = anchors(0.7, 0)
    out[0, :4] /= 64

    found = decode(Head.ANCHORS, out, SIZE, WHOLE, least=0.2, classes=None, units=True)

    np.testing.assert_allclose(found.boxes, [np.array(BOX) / 64], atol=1e-5)


def test_an_end_to_end_net_is_not_suppressed_again() -> None:
    out = final(0.7, 0)
    out[0, 5] = out[0, 4] * [1, 1, 1, 1, 1.1, 1]

    found = decode(Head.FINAL, out, SIZE, WHOLE, least=0.2, classes=None)

    np.testing.assert_allclose(found.scores, [0.77, 0.7], atol=1e-5)


def naive(boxes: NDArray[np.float32], scores: NDArray[np.float32], classes: NDArray[np.int64]) -> list[int]:
    """The definition, box by box."""
    stay: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        same = [j for j in stay if classes[j] == classes[i]]
        if not any(iou(boxes[i : i + 1], boxes[j : j + 1])[0, 0] > OVERLAP for j in same):
            stay.append(int(i))
    return stay


@pytest.mark.parametrize("seed", range(20))
def test_suppression_is_that_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 20, (120, 2))
    boxes = np.concatenate((corner, corner + rng.uniform(20, 40, (120, 2))), axis=1).astype(np.float32)
    scores, classes = rng.random(120, dtype=np.float32), rng.integers(0, 2, 120)

    found = kept(boxes, scores, classes)

    assert found.tolist() == naive(boxes, scores, classes)
    assert len(found) < 120


@pytest.mark.parametrize(
    ("shift", "people"),
    [pytest.param(2, 1, id="one seen twice"), pytest.param(5, 2, id="two who stand before one another")],
)
def test_one_person_is_told_once_and_two_who_overlap_are_two(shift: float, people: int) -> None:
    # Ten wide: shifted by 2 they share two thirds, by 5 a third.
    boxes = np.array([[0, 0, 10, 30], [shift, 0, shift + 10, 30]], np.float32)

    assert len(kept(boxes, np.array([0.9, 0.8], np.float32), np.zeros(2, np.int64))) == people


def test_boxes_without_an_area_do_not_divide_by_zero() -> None:
    point = np.array([[5, 5, 5, 5]], np.float32)

    assert iou(point, point).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("picture", "net", "centred", "place"),
    [
        pytest.param((1920, 1080), (640, 640), True, Fit(0, 140, 640, 360), id="wide, centred"),
        pytest.param((480, 360), (320, 320), True, Fit(0, 40, 320, 240), id="4:3, centred"),
        pytest.param((360, 640), (320, 320), True, Fit(70, 0, 180, 320), id="upright, centred"),
        pytest.param((641, 480), (320, 320), True, Fit(0, 40, 320, 240), id="an odd size is rounded"),
        pytest.param((1920, 1080), (416, 416), False, Fit(0, 0, 416, 234), id="YOLOX, top left"),
    ],
)
def test_a_picture_fits_into_the_net(
    picture: tuple[int, int], net: tuple[int, int], centred: bool, place: Fit
) -> None:
    assert fit(picture, net, centred=centred) == place


def test_the_way_back_from_the_net_is_the_way_in() -> None:
    place = fit((1920, 1080), (320, 320), centred=True)
    inside = np.array([[32, 70 + 18, 160, 70 + 90]], np.float32)

    np.testing.assert_allclose(fractions(inside, place), [[0.1, 0.1, 0.5, 0.5]], atol=1e-6)


def test_beside_the_picture_is_grey() -> None:
    white = np.full((90, 160, 3), 255, np.uint8)

    found = letterboxed(white, (320, 320), fit((160, 90), (320, 320), centred=True))

    assert found.shape == (320, 320, 3)
    assert (found[:70] == 114).all()
    assert (found[70:250] == 255).all()
    assert (found[250:] == 114).all()
