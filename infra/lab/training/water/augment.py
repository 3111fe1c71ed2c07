"""One picture, seen in many ways: nearer, turned, darker, in rain, through a bad link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.water.sources import IGNORED
from models.vision.letterbox import GREY

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from infra.lab.training.water.sources import Sample

TURN = 6.0
"""Degrees either way."""
NIGHT, BLUR, NOISE, JPEG, GREYED = 0.15, 0.2, 0.25, 0.4, 0.06
"""Shares of the pictures that get darker, blurred, noisy, saved badly, or lose their colour."""


def varied(
    sample: Sample, size: tuple[int, int], zoom: tuple[float, float], rng: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A picture and its mask of `size` (width, height); `zoom`: 1 shows the whole picture, 2 half its width."""
    picture, mask = _placed(sample, size, zoom, rng)
    return _lit(picture, rng), mask


def _placed(
    sample: Sample, size: tuple[int, int], zoom: tuple[float, float], rng: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    import cv2

    height, width = sample.mask.shape
    scale = min(size[0] / width, size[1] / height) * float(np.exp(rng.uniform(*np.log(zoom))))
    stretch = float(np.exp(rng.uniform(-0.15, 0.15)))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    angle = np.deg2rad(rng.uniform(-TURN, TURN))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([flip * scale * stretch, scale])
    # Where the picture is larger than the net's input any part may be seen, where it is smaller it lies anywhere.
    free = np.abs(np.array([width * scale * stretch, height * scale]) - np.array(size)) / 2
    middle = np.array(size) / 2 + rng.uniform(-free, free)
    shift = middle - matrix @ np.array([width / 2, height / 2])
    place = np.column_stack([matrix, shift])
    way = cv2.INTER_LINEAR if scale > 0.6 else cv2.INTER_AREA
    picture = cv2.warpAffine(sample.picture, place, size, flags=way, borderValue=(GREY, GREY, GREY))
    mask = cv2.warpAffine(sample.mask, place, size, flags=cv2.INTER_NEAREST, borderValue=IGNORED)
    return np.asarray(picture, np.uint8), np.asarray(mask, np.uint8)


def _lit(picture: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    import cv2

    light = picture.astype(np.float32)
    light *= rng.uniform(0.85, 1.15, 3).astype(np.float32)
    mean = light.mean()
    light = (light - mean) * rng.uniform(0.7, 1.3) + mean * rng.uniform(0.7, 1.3)
    grey = light.mean(axis=2, keepdims=True)
    light = grey + (light - grey) * (0.0 if rng.random() < GREYED else rng.uniform(0.6, 1.4))
    if rng.random() < NIGHT:
        light = 255 * (np.clip(light, 0, 255) / 255) ** rng.uniform(1.2, 2.2) * rng.uniform(0.3, 0.8)
    if rng.random() < BLUR:
        light = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.5, 1.8)))
    if rng.random() < NOISE:
        light = light + rng.standard_normal(light.shape, np.float32) * rng.uniform(2, 12)
    out = np.clip(light, 0, 255).astype(np.uint8)
    if rng.random() < JPEG:
        quality = int(rng.integers(25, 80))
        _, packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])
        out = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(out, np.uint8)
