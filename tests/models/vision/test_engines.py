"""The engines: order, colours, threads, wrong files; and box by box what ultralytics finds with the same net."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from connectors.settings import ROOT
from infra.lab.training.measure import frames
from models.vision.decode import cells
from models.vision.detection import Detector
from models.vision.in_flight import NoNetError
from models.vision.load import load
from models.vision.nms import iou
from models.vision.quiet import ov

op = ov.opset13

SIDE = 64
N = cells((SIDE, SIDE))
WEIGHTS = "weights"


def net(folder: Path, *, last: bool = False, outputs: int = 1) -> Path:
    """A net whose one box scores as red as the picture is (RGB, 0..1), at the same place always."""
    shape = [1, SIDE, SIDE, 3] if last else [1, 3, SIDE, SIDE]
    picture = op.parameter(shape, np.float32, name="images")
    mean = op.reduce_mean(picture, np.array([1, 2] if last else [2, 3]), keep_dims=False)
    red = op.reshape(op.gather(mean, np.array([0]), np.array(1)), np.array([1, 1, 1]), special_zero=False)
    first = np.zeros((1, 1, N), np.float32)
    first[0, 0, 0] = 1
    box = np.zeros((1, 4, N), np.float32)
    box[0, :, 0] = 32, 32, 16, 16
    whole = op.concat([op.constant(box), op.multiply(red, op.constant(first))], axis=1)
    path = folder / "tiny.xml"
    ov.save_model(ov.Model([whole] * outputs, [picture], "tiny"), path)
    return path


def painted(red: int, blue: int = 0) -> NDArray[np.uint8]:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[:, :, 0], picture[:, :, 2] = blue, red
    return picture


@pytest.mark.parametrize("last", [False, True], ids=["NCHW", "NHWC"])
def test_the_graph_takes_bgr_bytes_and_gives_the_net_rgb_fractions(tmp_path: Path, last: bool) -> None:
    detector = load(net(tmp_path, last=last), threads=1)

    found = detector([painted(red=204, blue=51)])

    np.testing.assert_allclose(found[0].scores, [0.8], atol=0.01)
    np.testing.assert_allclose(found[0].boxes, [[0.375, 0.375, 0.625, 0.625]], atol=0.01)


def test_detections_come_in_the_order_of_the_pictures(tmp_path: Path) -> None:
    detector = load(net(tmp_path), threads=2)
    reds = list(range(60, 250, 3))

    found = detector([painted(red) for red in reds])

    scores = [float(one.scores[0]) for one in found]
    np.testing.assert_allclose(scores, np.array(reds) / 255, atol=0.01)


def test_no_pictures_give_no_detections(tmp_path: Path) -> None:
    assert load(net(tmp_path), threads=1)([]) == []


def test_pictures_of_many_sizes_go_in_one_batch(tmp_path: Path) -> None:
    pictures = [np.full((height, width, 3), 255, np.uint8) for width, height in ((30, 90), (1920, 1080))]

    assert [len(one) for one in load(net(tmp_path), threads=1)(pictures)] == [1, 1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("gone.xml", "cannot be read", id="no file"),
        pytest.param("net.onnx", "cannot be read", id="no net in it"),
        pytest.param("net.txt", "expected one of .xml", id="another kind of file"),
    ],
)
def test_what_is_no_net_is_refused_by_name(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "net.onnx").write_bytes(b"not a net")

    with pytest.raises(NoNetError, match=words) as told:
        load(tmp_path / name)

    assert name in str(told.value)


def test_a_net_with_two_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoNetError, match="expected one input, one output"):
        load(net(tmp_path, outputs=2))


@pytest.mark.skipif(find_spec("ultralytics") is not None, reason="ultralytics is installed here")
def test_weights_of_ultralytics_without_it_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NoNetError, match=r"vision\.txt"):
        load(tmp_path / "any.pt")


def test_loading_and_looking_tells_nobody(tmp_path: Path) -> None:
    # A fresh process and home: OpenVINO speaks when it is imported, and leaves its number there.
    told = """
import socket, sys
def never(*_): raise SystemExit("a connection was opened")
socket.socket.connect = socket.getaddrinfo = never
import numpy as np
from models.vision.load import load
load(sys.argv[1], threads=1)([np.zeros((64, 64, 3), np.uint8)])
import openvino.tools.ovc
print(type(openvino.tools.ovc.telemetry).__module__)
"""
    env = {name: value for name, value in os.environ.items() if name != "CI"} | {"HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", told, str(net(tmp_path))],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.stdout.strip() == "models.vision.quiet", done.stderr
    assert not (tmp_path / "intel").exists()


def weights(data: Path, name: str) -> Path:
    path = data.parent / WEIGHTS / name
    if not path.is_file():
        pytest.skip(f"no weights at {path}")
    return path


def agree(ours: Any, theirs: Any, least: float) -> None:
    """Each sure box of one is a box of the other; half of `least` lies between sure and told."""
    for one, other in ((ours, theirs), (theirs, ours)):
        for a, b in zip(one, other, strict=True):
            sure = a.scores >= least
            same = iou(a.boxes[sure], b.boxes) * (a.classes[sure, None] == b.classes[None])
            assert (same.max(axis=1, initial=0) > 0.9).all()
            np.testing.assert_allclose(b.scores[same.argmax(axis=1)], a.scores[sure], atol=0.05)


@pytest.mark.slow
def test_the_int8_net_finds_what_ultralytics_finds_with_the_same_weights(data: Path) -> None:
    if find_spec("ultralytics") is None:
        pytest.skip("ultralytics is not installed: uv pip install -r infra/run/requirements/vision.txt")
    pictures = list(frames(data / "crowd" / "vtest.avi", 1, 400))[::40]
    ours = load(weights(data, "yolov8n_int8.tflite"), classes=None)
    theirs = load(weights(data, "yolov8n_coco_dequantised.pt"), classes=None, size=(640, 640))

    agree(ours(pictures), theirs(pictures), least=0.35)


def test_a_quantised_net_sees_the_same_at_every_start(data: Path) -> None:
    # The fault that this watches for is one of compiling in a fresh process, so each start is one.
    look = """
import sys
from pathlib import Path
from infra.lab.training.measure import frames
from models.vision.load import load
pictures = list(frames(Path(sys.argv[2]), 1, 41))[::20]
print([int((one.scores >= 0.4).sum()) for one in load(sys.argv[1])(pictures)])
"""
    command = [sys.executable, "-c", look, str(weights(data, "yolov8n_int8.tflite"))]
    film = str(data / "crowd" / "vtest.avi")

    found = {subprocess.check_output([*command, film], cwd=ROOT, text=True, timeout=60) for _ in range(4)}

    assert len(found) == 1, found


@pytest.mark.parametrize(
    ("name", "size", "per_picture"),
    [
        pytest.param("yolov8n_int8.tflite", (640, 640), (4, 8), id="int8 tflite"),
        pytest.param("yolox_nano.onnx", (416, 416), (4, 9), id="YOLOX"),
        pytest.param("person_192.onnx", (192, 192), (4, 9), id="person_192"),
    ],
)
def test_every_kind_of_weights_sees_the_people_of_a_yard(
    data: Path, name: str, size: tuple[int, int], per_picture: tuple[int, int]
) -> None:
    detector: Detector = load(weights(data, name))
    pictures = list(frames(data / "crowd" / "vtest.avi", 1, 400))[::40]

    mean = np.mean([(one.scores >= 0.4).sum() for one in detector(pictures)])

    assert detector.size == size
    assert per_picture[0] <= mean <= per_picture[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "end2end"),
    [
        pytest.param("yolo26n", True, id="YOLO26, end to end"),
        pytest.param("yolo26n", False, id="YOLO26, as OpenVINO exports it by default"),
        pytest.param("yolo11n", False, id="YOLO11"),
        pytest.param("yolov8n", False, id="YOLOv8"),
    ],
)
def test_each_family_of_exports_is_read_as_ultralytics_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str, end2end: bool
) -> None:
    """With weights by chance: shapes, units and order of what comes out do not depend on what was learnt."""
    if find_spec("ultralytics") is None:
        pytest.skip("ultralytics is not installed: uv pip install -r infra/run/requirements/vision.txt")
    monkeypatch.chdir(tmp_path)
    exported = by_chance(family, end2end=end2end)
    pictures = [
        np.random.default_rng(i).integers(0, 255, size, dtype=np.uint8)
        for i, size in enumerate([(180, 320, 3), (320, 320, 3), (320, 180, 3)])
    ]

    ours = load(next(exported.glob("*.xml")), classes=None, least=0.3)(pictures)

    theirs = oracle().YOLO(str(exported), task="detect")
    for found, picture in zip(ours, pictures, strict=True):
        boxes = theirs.predict(picture, imgsz=320, conf=0.3, verbose=False)[0].boxes
        known = boxes.xyxy.numpy() / np.tile(picture.shape[1::-1], 2)
        same = np.abs(found.boxes[:, None] - known[None]).max(axis=2) < 0.02
        same &= found.classes[:, None] == boxes.cls.numpy()[None]
        assert len(found) == len(boxes) == 300
        assert same.any(axis=1).all()
        assert same.any(axis=0).all()


def oracle() -> Any:
    """The library itself, where it is installed."""
    return import_module("ultralytics")


def by_chance(family: str, *, end2end: bool) -> Path:
    """An OpenVINO export of a net that has learnt nothing, its classes lifted until something is found."""
    torch = import_module("torch")
    torch.manual_seed(0)
    made = oracle().YOLO(f"{family}.yaml")
    head = made.model.model[-1]
    for branch in (*head.cv3, *(getattr(head, "one2one_cv3", None) or ())):
        branch[-1].bias.data[:] = torch.randn_like(branch[-1].bias) * 2 - 5
    asked = {"end2end": end2end} if family == "yolo26n" else {}
    return Path(made.export(format="openvino", imgsz=320, verbose=False, **asked)).resolve()
