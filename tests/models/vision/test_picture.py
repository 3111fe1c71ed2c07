"""A JPEG is opened at the size needed, or refused by name; nothing is decoded to find out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.vision.picture import MAX_PIXELS, open_jpeg, size


def jpeg(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A picture with something in it."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 255, (9, 16, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    good, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])
    assert good
    return data.tobytes()


def one_colour(level: int) -> bytes:
    return cv2.imencode(".jpg", np.full((90, 160, 3), level, np.uint8))[1].tobytes()


WHOLE = jpeg(640, 360)
START = WHOLE.index(b"\xff\xc0") + 5


def claims(width: int, height: int) -> bytes:
    """The small picture, whose header says another size."""
    return WHOLE[:START] + height.to_bytes(2) + width.to_bytes(2) + WHOLE[START + 4 :]


REFUSED = [
    pytest.param(b"", Reason.NOT_A_PICTURE, "empty", id="empty"),
    pytest.param(b"\x89PNG\r\n\x1a\n", Reason.NOT_A_PICTURE, "89 50 4e 47", id="a PNG"),
    pytest.param(b"<html>busy</html>", Reason.NOT_A_PICTURE, "3c 68 74 6d", id="an error page"),
    pytest.param(b"\xff\xd8", Reason.NOT_A_PICTURE, "header", id="only the start marker"),
    pytest.param(WHOLE[:100], Reason.NOT_A_PICTURE, "header", id="cut in the header"),
    pytest.param(WHOLE[: len(WHOLE) // 2], Reason.NOT_A_PICTURE, "cut off", id="cut in the middle"),
    pytest.param(WHOLE[:-2], Reason.NOT_A_PICTURE, "cut off", id="without its end marker"),
    pytest.param(jpeg(640, 360, progressive=True)[:-900], Reason.NOT_A_PICTURE, "cut off", id="progressive"),
    pytest.param(claims(8000, 5000), Reason.TOO_BIG, "8000x5000 = 40.0", id="40 megapixels"),
    pytest.param(claims(0, 360), Reason.NOT_A_PICTURE, "header", id="no width"),
    pytest.param(one_colour(128), Reason.NOTHING_TO_SEE, "one colour", id="a decoder's grey"),
    pytest.param(one_colour(0), Reason.NOTHING_TO_SEE, "0.00", id="a lens cap"),
]


@pytest.mark.parametrize(("data", "reason", "words"), REFUSED)
def test_what_is_no_picture_is_refused_by_name(data: bytes, reason: Reason, words: str) -> None:
    found = open_jpeg(data, (320, 320))

    assert isinstance(found, Refusal)
    assert found.reason is reason
    assert words in found.en


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(cv2, "imdecode", never)

    found = open_jpeg(claims(60000, 60000), (320, 320))

    assert isinstance(found, Refusal)
    assert found.reason is Reason.TOO_BIG


def test_24_megapixels_are_the_most() -> None:
    assert size(claims(6000, 4000)) == (6000, 4000)
    assert MAX_PIXELS == 6000 * 4000
    assert isinstance(size(claims(6000, 4001)), Refusal)


@pytest.mark.parametrize("progressive", [False, True])
def test_the_size_stands_in_the_header(progressive: bool) -> None:
    assert size(jpeg(641, 359, progressive=progressive)) == (641, 359)


@pytest.mark.parametrize(
    ("width", "height", "net", "opened"),
    [
        pytest.param(1920, 1080, 320, (480, 270), id="a quarter for 320"),
        pytest.param(1920, 1080, 640, (960, 540), id="a half for 640"),
        pytest.param(1920, 1080, 1280, (1920, 1080), id="whole for 1280"),
        pytest.param(2560, 1440, 320, (320, 180), id="an eighth, just enough"),
        pytest.param(480, 360, 320, (480, 360), id="no half where it would be too small"),
        pytest.param(160, 90, 320, (160, 90), id="smaller than the net"),
    ],
)
def test_it_is_decoded_at_the_least_size_that_covers_the_net(
    width: int, height: int, net: int, opened: tuple[int, int]
) -> None:
    found = open_jpeg(jpeg(width, height), (net, net))

    assert not isinstance(found, Refusal)
    assert found.shape == (opened[1], opened[0], 3)


def test_what_follows_the_end_marker_does_no_harm() -> None:
    assert not isinstance(open_jpeg(WHOLE + b"\0" * 300, (320, 320)), Refusal)


def test_a_thumbnails_end_is_not_the_pictures_end() -> None:
    thumb = jpeg(160, 90)
    segment = b"\xff\xe1" + (len(thumb) + 2).to_bytes(2) + thumb
    cut = WHOLE[:2] + segment + WHOLE[2 : len(WHOLE) // 2]

    assert isinstance(size(cut), Refusal)
    assert size(WHOLE[:2] + segment + WHOLE[2:]) == (640, 360)


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_raise(noise: bytes, behind_a_header: bool) -> None:
    data = WHOLE[: START + 20] + noise if behind_a_header else noise

    open_jpeg(data, (320, 320))
