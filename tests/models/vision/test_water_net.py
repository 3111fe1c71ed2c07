"""The water net: its answer lies over the whole picture whatever its ratio, in order, and a wrong file is named."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from connectors.weights import OWN_WATER, WeightsError, resolve_water
from models.vision.in_flight import NoNetError
from models.vision.letterbox import fit
from models.vision.quiet import ov
from models.vision.segmentation import Segmenter, whole
from models.vision.water_net import load_segmenter

op = ov.opset13

WIDTH, HEIGHT = 64, 48


def net(folder: Path, *, classes: int = 1) -> Path:
    """A net that calls a place as much water as it is red: (1, 3, 48, 64) RGB 0..255 -> (1, 1, 12, 16)."""
    picture = op.parameter([1, 3, HEIGHT, WIDTH], np.float32, name="picture")
    red = op.gather(picture, np.array([0] * classes), np.array(1))
    mean = op.avg_pool(red, [4, 4], [0, 0], [0, 0], [4, 4], exclude_pad=True)
    out = op.divide(mean, op.constant(np.float32(255)))
    path = folder / "tiny.xml"
    ov.save_model(ov.Model([out], [picture], "tiny"), path)
    return path


def halves(width: int, height: int, *, upright: bool) -> NDArray[np.uint8]:
    """Red in its right half, or in its lower one; blue in the other."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = 255
    part = picture[:, width // 2 :] if upright else picture[height // 2 :]
    part[...] = (0, 0, 255)
    return picture


@pytest.mark.parametrize("upright", [True, False], ids=["right half", "lower half"])
@pytest.mark.parametrize(
    ("width", "height"),
    [
        pytest.param(640, 480, id="of the net's own ratio"),
        pytest.param(1920, 1080, id="wide"),
        pytest.param(480, 800, id="upright"),
        pytest.param(33, 30, id="smaller than the net"),
    ],
)
def test_the_answer_covers_the_whole_picture_and_nothing_beside_it(
    tmp_path: Path, width: int, height: int, upright: bool
) -> None:
    grid = load_segmenter(net(tmp_path), threads=1)([halves(width, height, upright=upright)])[0]

    rows, columns = grid.shape
    assert columns / rows == pytest.approx(width / height, rel=0.15)
    dry, wet = (grid[:, : columns // 2], grid[:, -(columns // 2) :])
    if not upright:
        dry, wet = grid[: rows // 2], grid[-(rows // 2) :]
    assert dry.mean() < 0.1
    assert wet.mean() > 0.9
    # The grey beside the picture would be 0.45 of a red; a cell that lies half on it says something between.
    assert grid[-1, -1] > 0.8


def test_answers_come_in_the_order_of_the_pictures(tmp_path: Path) -> None:
    reds = list(range(5, 250, 7))
    pictures = [np.full((48, 64, 3), (0, 0, red), np.uint8) for red in reds]

    found = load_segmenter(net(tmp_path), threads=2)(pictures)

    np.testing.assert_allclose([grid.mean() for grid in found], np.array(reds) / 255, atol=0.01)


def test_fine_gravel_of_a_large_picture_does_not_glitter(tmp_path: Path) -> None:
    # Every fourth column red: by left out pixels it would be all red or none.
    gravel = np.zeros((480, 640, 3), np.uint8)
    gravel[:, ::4] = (0, 0, 255)

    grid = load_segmenter(net(tmp_path), threads=1)([gravel])[0]

    np.testing.assert_allclose(grid, 0.25, atol=0.1)


def test_no_pictures_give_no_answers(tmp_path: Path) -> None:
    assert load_segmenter(net(tmp_path), threads=1)([]) == []


def test_a_grid_is_cut_to_the_picture_with_its_edges_in_place() -> None:
    # A picture of 2:1 in a net of 1:1: a quarter of the grid above it and a quarter below are none of it.
    grid = np.repeat(np.arange(16, dtype=np.float32)[:, None], 16, axis=1)

    cut = whole(grid, fit((200, 100), (64, 64), centred=True), (64, 64))

    assert cut.shape == (8, 16)
    np.testing.assert_allclose(cut[:, 0], np.arange(4, 12), atol=0.01)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("gone.xml", "cannot be read", id="no file"),
        pytest.param("net.xml", "cannot be read", id="no net in it"),
        pytest.param("net.onnx", "expected one of .xml, .pt", id="another kind of file"),
    ],
)
def test_what_is_no_net_is_refused_by_name(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "net.xml").write_bytes(b"not a net")

    with pytest.raises(NoNetError, match=words) as told:
        load_segmenter(tmp_path / name)

    assert name in str(told.value)


def test_a_net_that_answers_otherwise_is_refused_with_what_it_answers(tmp_path: Path) -> None:
    with pytest.raises(NoNetError, match=r"expected one picture in, one grid of water out.*\[1,2,12,16\]"):
        load_segmenter(net(tmp_path, classes=2))


def test_a_detector_is_no_segmenter() -> None:
    with pytest.raises(NoNetError, match="one grid of water out"):
        load_segmenter(OWN_WATER.with_name("people.xml"))


@pytest.fixture(scope="module")
def own() -> Segmenter:
    return load_segmenter(OWN_WATER, threads=1)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.zeros((480, 640, 3), np.uint8), id="black"),
        pytest.param(np.full((480, 640, 3), 114, np.uint8), id="grey"),
        pytest.param(np.full((480, 640, 3), 255, np.uint8), id="white"),
    ],
)
def test_our_own_net_gives_probabilities_at_a_quarter_of_its_input(
    own: Segmenter, picture: NDArray[np.uint8]
) -> None:
    # What it calls a picture without a view is another matter: models/vision/sight.py asks that first.
    grid = own([picture])[0]

    assert grid.shape == (own.size[1] // 4, own.size[0] // 4)
    assert grid.dtype == np.float32
    assert 0 <= grid.min() <= grid.max() <= 1


def test_our_own_net_sees_no_water_in_the_dark(own: Segmenter) -> None:
    grid = own([np.zeros((480, 640, 3), np.uint8)])[0]

    assert not (grid >= 0.5).any()


def test_our_own_net_is_small_and_there() -> None:
    files = [OWN_WATER, OWN_WATER.with_suffix(".bin")]

    assert sum(path.stat().st_size for path in files) <= 12e6


def test_the_setting_comes_before_our_own_net(tmp_path: Path) -> None:
    mine = tmp_path / "mine.xml"
    mine.write_text("a net")

    assert resolve_water(None) == OWN_WATER
    assert resolve_water(str(mine)) == mine
    with pytest.raises(WeightsError, match="PHUSA_WATER_WEIGHTS"):
        resolve_water(tmp_path / "gone.xml")
    with pytest.raises(WeightsError):
        resolve_water(f"{mine}@sha256:{'0' * 64}")


@pytest.fixture(scope="module")
def semantic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("ultralytics") is None:
        pytest.skip("ultralytics is not installed: uv pip install -r infra/run/requirements/vision.txt")
    from models.vision.ultralytics import library

    path = tmp_path_factory.mktemp("semantic") / "water.pt"
    yolo = library().YOLO("yolo26n-sem.yaml", task="semantic")
    yolo.model.names = {i: "water" if i == 3 else f"class {i}" for i in range(19)}
    yolo.save(str(path))
    return path


def test_the_second_engine_answers_as_the_first_does(semantic: Path) -> None:
    net = load_segmenter(semantic)

    wide, upright = net([np.zeros((90, 160, 3), np.uint8), np.full((160, 90, 3), 200, np.uint8)])

    assert wide.shape[1] / wide.shape[0] == pytest.approx(16 / 9, rel=0.1)
    assert upright.shape == wide.shape[::-1]
    assert 0 <= wide.min() <= wide.max() <= 1
    assert net.name.endswith("(ultralytics)")
