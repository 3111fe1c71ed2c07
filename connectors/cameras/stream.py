"""RTSP streams and films by PyAV: key frames where they are frequent enough, sampled, encoded as JPEG.

Errors of FFmpeg (av.FFmpegError) and a stream that ends go to the caller, who connects again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import av
import cv2
from av.codec.context import ThreadType

from connectors.cameras.picture import Picture
from connectors.clock import Played

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame

    from connectors.clock import Now

TIMEOUT_S = 10.0
"""No packet for so long: the connection is dead, although TCP has not noticed."""
QUALITY = 85
EARLY = 0.9
"""A picture is due a little early, else a source at just the rate wanted would lose every second one."""
LATE = 0.1
"""Key frames may be later than the rate by so much: cameras keep their second to a few hundredths."""
CAUGHT_UP_S = 0.01
"""What FFmpeg kept while it probed the stream comes without any wait: pictures of seconds ago, called now."""
RTSP = {
    "rtsp_transport": "tcp",
    "stimeout": str(int(TIMEOUT_S * 1e6)),
    "max_delay": "500000",
    "analyzeduration": "500000",
    "fflags": "nobuffer",
}


class EndedError(RuntimeError):
    """The stream has ended: a film is over, or the camera closed the connection."""


def pictures(address: str, rate_per_s: float, now: Now, stopping: Callable[[], bool]) -> Iterator[Picture]:
    """Pictures as they come, at most `rate_per_s`; a film is paced by its own times."""
    live = "://" in address
    with av.open(address, options=RTSP if live else {}, timeout=TIMEOUT_S if live else None) as source:
        for frame in _sampled(source, rate_per_s, live, now, stopping):
            yield Picture(now(), "image/jpeg", encode(frame))
    if not stopping():
        msg = "the stream has ended"
        raise EndedError(msg)


def encode(frame: VideoFrame) -> bytes:
    """A decoded frame as JPEG."""
    done, jpeg = cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        msg = f"no JPEG of a frame of {frame.width} x {frame.height}"
        raise RuntimeError(msg)
    return jpeg.tobytes()


def _sampled(
    source: InputContainer, rate_per_s: float, live: bool, now: Now, stopping: Callable[[], bool]
) -> Iterator[VideoFrame]:
    """Frames that are due; while key frames are frequent enough, nothing else is decoded."""
    video = source.streams.video[0]
    # Threads would hold frames back, and one camera needs no second core.
    video.codec_context.thread_type = ThreadType.NONE
    every_s = 1 / rate_per_s
    keys = KeyFrames(every_s)
    due = began = asked = time.monotonic()
    caught_up = not live
    for packet in source.demux(video):
        if stopping():
            return
        arrived = time.monotonic()
        caught_up = caught_up or arrived - asked > CAUGHT_UP_S
        if packet.is_keyframe:
            at_s = arrived if packet.dts is None else float(packet.dts * packet.time_base)
            video.codec_context.skip_frame = "NONKEY" if keys.suffice(at_s) else "DEFAULT"
        for frame in packet.decode():
            if not live and frame.time is not None:
                _wait(now, began, frame.time, stopping)
            # A film's own times, as it is shown: a machine that is late for one picture must not miss the next.
            at = time.monotonic() if live or frame.time is None else began + frame.time
            if caught_up and at >= due - every_s * (1 - EARLY):
                due = max(due + every_s, at)
                yield frame
        asked = time.monotonic()


class KeyFrames:
    """Says at each key frame whether key frames alone give the rate wanted.

    Told at key frames only: who begins to decode between two sees pictures made of parts that were skipped. By the
    source's own times: a network that stalls for a second changes nothing in them.
    """

    def __init__(self, every_s: float) -> None:
        self._most_s = every_s * (1 + LATE)
        self._last: float | None = None

    def suffice(self, at_s: float) -> bool:
        """Of a key frame at this time of the stream, in seconds; no for the first, of which nothing is known."""
        before, self._last = self._last, at_s
        return before is not None and 0 < at_s - before <= self._most_s


def _wait(now: Now, began: float, film_s: float, stopping: Callable[[], bool]) -> None:
    """Until a film is due at its second `film_s`: by the clock of the play, where there is one."""
    while not stopping():
        left = film_s - (now.film_s if isinstance(now, Played) else time.monotonic() - began)
        if left <= 0:
            return
        time.sleep(min(left, 0.2))
