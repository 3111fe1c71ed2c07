"""The running stack under 41 cameras at one 1080p frame a second: from the capture to the gateway being called."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import httpx
import msgspec
import psycopg
from ruamel.yaml import YAML

from connectors import clock
from connectors.kafka.lag import ends
from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.sealing import Seal, key
from infra.lab.bench.live import latencies
from infra.lab.bench.result import Result, bounded
from models.envelope.partition import partition_of
from models.vision.frame import Frame, about

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.settings import Settings

CAMERAS = 41
SWING_S = 20
"""A camera shows a crowd for so long, then an empty yard; each camera at its own moment."""
WARM_S = 30.0
P99_S = 3.0
PATIENCE_S = 120.0


def configure(folder: Path, cameras: int = CAMERAS) -> None:
    """So many cameras in `folder`/cameras.yaml whose crowds are told at once: the hold is the rule's, not our latency."""
    levels = [{"level": 1, "name": "mức đông", "raise_at": 5, "clear_at": 2}]
    zone = {"id": "san", "name": "Sân", "kind": "crowd", "hold_s": 0, "levels": levels,
            "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}  # fmt: skip
    rows = [
        {"id": name, "name": name, "hamlets": ["la-van-ha"], "address": f"/{name}", "zones": [zone]}
        for name in names(cameras)
    ]
    YAML().dump({"cameras": rows}, folder / "cameras.yaml")


def latency(own: Settings, seconds: float, tell: Callable[[str], None]) -> Result:
    """p99 of all messages of one run."""
    traffic = _Traffic(own)
    traffic.run(WARM_S)
    httpx.delete(f"{own.gateway_url}/_messages").raise_for_status()
    traffic.run(seconds)
    _settle(own)
    found = sorted(latencies(own))
    p50, p99 = statistics.median(found), found[min(len(found) - 1, int(0.99 * len(found)))]
    tell(f"{len(found)} tin nhắn (messages), {traffic.sent} ảnh (frames): p50 {p50:.3f} s, p99 {p99:.3f} s")
    return bounded(f"ảnh → cổng tin nhắn, p99 (frame to gateway, {CAMERAS} cameras)", "s", [p99], P99_S)


class _Traffic:
    """Every camera once a second, evenly spread."""

    def __init__(self, own: Settings) -> None:
        self._seal = Seal(key(own.secrets_dir, "frames"))
        self._out = producer(KafkaSinkSettings(own.bootstrap, "frames", config={"compression.type": "none"}))
        self._pictures = _pictures()
        self._began = time.monotonic()
        self.sent = 0

    def run(self, seconds: float) -> None:
        """Send for so long."""
        start, first = time.monotonic(), self.sent
        each, encode = names(), msgspec.msgpack.Encoder().encode
        while (passed := time.monotonic() - start) < seconds:
            while self.sent - first < passed * CAMERAS:
                name = each[self.sent % CAMERAS]
                phase = (
                    time.monotonic() - self._began + self.sent % CAMERAS * 2 * SWING_S / CAMERAS
                ) / SWING_S
                picture = self._pictures[int(phase) % 2]
                now = clock.system()
                frame = Frame(1, name, self.sent, now, "image/jpeg", self._seal.seal(picture, about(name)))
                stamp = round(now.timestamp() * 1000)
                self._out.produce("frames", encode(frame), name, partition_of(name), timestamp=stamp)
                self._out.poll(0)
                self.sent += 1
            time.sleep(0.005)
        self._out.flush(10)


def _pictures() -> list[bytes]:
    """The rendered market, full and empty, at 1080p."""
    import cv2

    from infra.rehearsal.simulator.scene.camera import VIEWS, render

    made = []
    for hour in (7.5, 3.5):
        picture, _ = render(VIEWS["cho-quang-tho"], hour * 3600)
        big = cv2.resize(picture, (1920, 1080), interpolation=cv2.INTER_CUBIC)
        made.append(cv2.imencode(".jpg", big, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    return made


def names(cameras: int = CAMERAS) -> list[str]:
    """Their ids."""
    return [f"cam-{i:02d}" for i in range(cameras)]


def _settle(own: Settings) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        last = {
            name: sum(parts.values()) for name, parts in ends(own.bootstrap, ["frames", "alerts"]).items()
        }
        with psycopg.connect(own.dsn("writer")) as db:
            rows = db.execute(
                "select topic, sum(next_offset)::bigint from source_offset group by topic"
            ).fetchall()
            due = db.execute(
                "select count(*) from notification where state in ('pending', 'sending')"
            ).fetchone()
        stored = {str(topic): int(n) for topic, n in rows}
        if due == (0,) and all(stored.get(name, 0) >= n for name, n in last.items()):
            return
        time.sleep(0.2)
    msg = f"not settled after {PATIENCE_S:.0f} s"
    raise TimeoutError(msg)
