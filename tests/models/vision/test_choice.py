"""A table of nets: the best that the machine carries, and never one that falls behind."""

from __future__ import annotations

import pytest

from models.vision.choice import NETS, OWN, SPARE, choose, looks_per_s
from models.vision.weights import KNOWN

BOTH = ("yolo26n.pt", "yolov8n.pt")


@pytest.mark.parametrize(
    ("name", "needed", "cores", "own_rate", "there", "net"),
    [
        ("two cores, one camera: the best", 1, 2, None, BOTH, "yolo26n.pt"),
        ("nothing lies there", 1, 64, None, (), None),
        ("only the second best lies there", 1, 2, None, BOTH[1:], "yolov8n.pt"),
        ("41 cameras on two cores", 43, 2, None, BOTH, None),
        ("41 cameras on four", 43, 4, None, BOTH, "yolo26n.pt"),
        ("two cores of a slow machine, measured", 15, 2, 70.0, BOTH, None),
        ("the same cores, measured to be fast", 15, 2, 245.0, BOTH, "yolo26n.pt"),
        ("none keeps up: our own", 10_000, 2, None, BOTH, None),
    ],
)
def test_the_best_net_that_keeps_up_with_twice_the_cameras_is_taken(
    name: str, needed: float, cores: int, own_rate: float | None, there: tuple[str, ...], net: str | None
) -> None:
    choice = choose(needed, cores, own_rate, there)

    assert choice.net.name == net, name
    assert net is None or looks_per_s(choice.net, cores, own_rate) >= needed * SPARE


def test_each_net_of_the_table_is_known_and_our_own_is_the_last() -> None:
    assert {net.name for net in NETS if net.name} <= set(KNOWN)
    assert NETS[-1] is OWN
    assert max(net.rate for net in NETS) == OWN.rate


def test_the_reason_has_the_figures() -> None:
    choice = choose(10, 2, None, BOTH)

    assert choice.en == "yolo26n.pt at 640 px: 2 cores do 84 looks a second, 20 are needed"
    assert choice.vi == "yolo26n.pt 640 px: 2 lõi nhìn được 84 ảnh/giây, cần 20"
