"""What befalls the eye of a healthy camera: each fault takes the clip and a picture's number, and gives what the camera then sends.

The plainest of each kind are the simulator's (`lens`); here stand their relatives: other sizes, sides, stuffs and places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from infra.lab.measure.seeing.weather import grain
from infra.rehearsal.simulator.scene import lens

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from infra.lab.measure.seeing.clips import Clip

    Picture = NDArray[np.uint8]
    Fault = Callable[[Clip, int], Picture]

STILL = (0.0, 0.0)
WIDE = 1280


def _of(change: Callable[[Picture, int], Picture]) -> Fault:
    return lambda clip, i: change(clip.at(i, STILL), i)


def _blurred(sigma: float) -> Fault:
    def change(picture: Picture, i: int) -> Picture:
        soft = cv2.GaussianBlur(picture, (0, 0), sigma * picture.shape[1] / WIDE)
        return grain(soft.astype(np.float32), 2, 20, i)

    return _of(change)


def _bag(picture: Picture, i: int) -> Picture:
    """A thin plastic bag: some light of the scene comes through, no edge does."""
    soft = cv2.GaussianBlur(picture, (0, 0), picture.shape[1] / 22).astype(np.float32)
    return grain(0.45 * soft + 95, 2, 21, i)


def _burnt(picture: Picture, i: int) -> Picture:
    """The sun in the lens: white in its middle, a veil over the rest."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.hypot(x / width - 0.5, (y / height - 0.5) * height / width)
    return grain(picture * np.float32(0.9) + 165 + 160 * np.exp(-((far / 0.3) ** 2))[..., None], 2, 22, i)


def _leaf(picture: Picture, i: int) -> Picture:
    """A leaf right before the lens, dark green, its veins soft; it trembles."""
    height, width = picture.shape[:2]
    work = np.empty((height, width, 3), np.float32)
    work[:] = (38, 92, 58)
    for k in range(9):
        x = int(width * (k / 8) + 2 * np.sin(i))
        cv2.line(work, (x, 0), (width // 2, height), (52, 128, 84), max(2, width // 120))
    return grain(np.asarray(cv2.GaussianBlur(work, (0, 0), width / 90), np.float32), 2, 23, i)


def _poster(picture: Picture, i: int) -> Picture:
    """Something printed, near enough to be sharp."""
    height, width = picture.shape[:2]
    random = np.random.default_rng(24)
    work = np.full((height, width, 3), 205, np.uint8)
    for _ in range(60):
        at = int(random.integers(0, width)), int(random.integers(0, height))
        far = at[0] + int(width * random.uniform(0.02, 0.12)), at[1] + int(height * random.uniform(0.02, 0.1))
        cv2.rectangle(work, at, far, random.uniform(0, 255, 3).tolist(), -1)
    return grain(work.astype(np.float32), 2, 24, i)


STUFFS: dict[str, Callable[[Picture, int], Picture]] = {
    "cloth": lens.cloth,
    "hand": lens.hand,
    "leaf": _leaf,
    "poster": _poster,
}


def _half(side: str, stuff: str, share: float = 0.5) -> Fault:
    def change(picture: Picture, i: int) -> Picture:
        height, width = picture.shape[:2]
        x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
        inside = {"left": x, "right": 1 - x, "top": y, "bottom": 1 - y}[side]
        wave = 0.03 * np.sin(9 * (y if side in ("left", "right") else x))
        # What hangs at the lens has a soft rim.
        part = np.clip((share + wave - inside) / 0.02, 0, 1)[..., None]
        return (STUFFS[stuff](picture, i) * part + picture * (1 - part)).astype(np.uint8)

    return _of(change)


def _web(picture: Picture, i: int) -> Picture:
    """Threads of a spider across the lens, out of focus, bright in the infrared light."""
    height, width = picture.shape[:2]
    layer = np.zeros((height, width), np.float32)
    random = np.random.default_rng(25)
    for _ in range(26):
        ends = random.uniform(-0.1, 1.1, 4) * (width, height, width, height)
        sway = 2 * np.sin(i / 3)
        first, last = (int(ends[0] + sway), int(ends[1])), (int(ends[2] + sway), int(ends[3]))
        cv2.line(layer, first, last, 255, max(3, width // 60), cv2.LINE_AA)
    haze = cv2.GaussianBlur(layer, (0, 0), width / 90)[..., None]
    return grain(picture * np.float32(0.75) + 0.75 * haze, 2, 25, i)


def _turned(x: float, y: float) -> Fault:
    return lambda clip, i: clip.at(i, (x, y))


def _warped(degrees: float, zoom: float) -> Fault:
    def change(picture: Picture, i: int) -> Picture:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, zoom)
        seen = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
        return grain(seen.astype(np.float32), 1, 26, i)

    return _of(change)


def _elsewhere(clip: Clip, i: int) -> Picture:
    """Quite another view: the mirror of its own, upside down."""
    return np.ascontiguousarray(clip.at(i, STILL)[::-1, ::-1])


def _grey_green(picture: Picture, i: int) -> Picture:
    """A decoder without its key frame: blocks of grey and of the green of YUV 0, 0, 0, the rest remains."""
    height, width = picture.shape[:2]
    out = picture.copy()
    random = np.random.default_rng([27, i // 3])
    step = max(8, width // 40)
    for y in range(0, height, step):
        for x in range(0, width, step):
            chance = random.uniform()
            if chance < 0.6:
                out[y : y + step, x : x + step] = (128, 128, 128) if chance < 0.4 else (0, 135, 0)
    return out


def _green(picture: Picture, _i: int) -> Picture:
    """The lower part was never decoded: green."""
    out = picture.copy()
    out[picture.shape[0] * 2 // 5 :] = (0, 135, 0)
    return out


def _torn(picture: Picture, i: int) -> Picture:
    """Slices that slipped sideways and repeat themselves."""
    out = picture.copy()
    height, width = picture.shape[:2]
    step = max(8, height // 22)
    random = np.random.default_rng([28, i])
    for y in range(0, height, step):
        if random.uniform() < 0.75:
            source = int(random.integers(0, height - step))
            away = int(random.integers(-width // 2, width // 2))
            out[y : y + step] = np.roll(picture[source : source + step], away, axis=1)[: height - y]
    return out


def _fog(picture: Picture, i: int) -> Picture:
    """Fog, or breath on the glass: a veil, and what is far is gone."""
    height = picture.shape[0]
    soft = cv2.GaussianBlur(picture, (0, 0), 2.2 * picture.shape[1] / WIDE)
    veil = np.linspace(0.86, 0.6, height, dtype=np.float32)[:, None, None]
    return grain(soft * (1 - veil) + 178 * veil, 1.5, 29, i)


def _haze(picture: Picture, i: int) -> Picture:
    """Thin fog, or dust on the glass: a veil over all of it."""
    return grain(picture * np.float32(0.52) + 82, 1.5, 32, i)


def _drops(picture: Picture, i: int) -> Picture:
    """Drops on the glass: each blurs what lies behind it, and bends it."""
    height, width = picture.shape[:2]
    soft = cv2.GaussianBlur(picture, (0, 0), width / 45)
    part = np.zeros((height, width), np.float32)
    random = np.random.default_rng(30)
    for _ in range(42):
        at = int(random.uniform(0, width)), int(random.uniform(0, height) + 0.1 * i)
        cv2.circle(part, at, round(width * random.uniform(0.025, 0.07)), 1, -1, cv2.LINE_AA)
    soft_part = np.asarray(cv2.GaussianBlur(part, (0, 0), width / 160), np.float32)[..., None]
    return grain(soft * soft_part * np.float32(1.06) + picture * (1 - soft_part), 1.5, 30, i)


FAULTS: dict[str, Fault] = {
    "black": _of(lens.black),
    "black, clock runs": _of(lens.black_with_clock),
    "dark": _of(lens.dark),
    "dark, a tenth": _of(lambda one, i: grain(one * np.float32(0.1), 2, 31, i)),
    "overexposed": _of(lens.overexposed),
    "overexposed, sun": _of(_burnt),
    "blurred": _of(lens.blurred),
    "blurred, 6": _blurred(6),
    "blurred, 16": _blurred(16),
    "covered, cloth": _of(lens.cloth),
    "covered, hand": _of(lens.hand),
    "covered, leaf": _of(_leaf),
    "covered, bag": _of(_bag),
    "covered, poster": _of(_poster),
    **{f"half covered, {side} {stuff}": _half(side, stuff) for side, stuff in (
        ("left", "cloth"), ("left", "hand"), ("right", "leaf"), ("right", "poster"), ("top", "cloth"), ("top", "leaf"),
        ("bottom", "hand"), ("bottom", "cloth"))},
    "moved, 5 %": _turned(0.05, 0),
    "moved, 10 %": _turned(-0.1, 0.03),
    "moved, 20 %": _turned(0.2, -0.08),
    "moved, 40 %": _turned(-0.4, 0.1),
    "moved, rotated 6": _warped(6, 1.05),
    "moved, rotated 14": _of(lens.rotated),
    "moved, rotated 90": _warped(90, 1.8),
    "moved, zoom 1.25": _warped(0, 1.25),
    "moved, zoom 2": _warped(0, 2),
    "moved, elsewhere": _elsewhere,
    "noise": _of(lens.noise),
    "smeared, rows": _of(lens.smeared),
    "smeared, blocks": _of(_grey_green),
    "smeared, green": _of(_green),
    "smeared, torn": _of(_torn),
}  # fmt: skip
"""By kind and variant; a frozen picture and a decoder's true smear know the whole clip: `clocks`, `decoder`."""
DOUBTS: dict[str, Fault] = {
    "haze": _of(_haze),
    "fog": _of(_fog),
    "rain on the lens": _of(_drops),
    "spider web": _of(_web),
}
"""After which zones may still be seen: no count is sure, and none is unknown."""
