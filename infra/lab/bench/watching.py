"""The cameras flow, Kafka to Kafka, beside a loop that only decodes and detects, and beside ultralytics' own.

Each runs as a process of its own over the same 1080p JPEGs with the same net on all cores; a rate is
frames divided by the time from the first one read to the last acknowledged result.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import msgspec
import numpy as np

from connectors.cameras.eyes import eyes
from connectors.kafka.sink import KafkaSink, KafkaSinkSettings
from connectors.kafka.source import KafkaSource, KafkaSourceSettings
from connectors.sealing import Seal
from flows.cameras import (
    BATCH,
    build,
    encode_changes,
    encode_observations,
    encode_rejected,
    same_partition,
)
from models.cameras.memory import plan
from models.catalogue.analytics import ZoneKind
from models.commune.configuration import Commune
from models.envelope.partition import partition_of
from models.vision.camera import Camera, Zone
from models.vision.frame import Frame, about
from models.vision.load import load
from models.vision.picture import open_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from infra.lab.bench.pour import Made

CAMERAS = 41
START_S = 1_790_000_000
KEY = bytes(32)
"""Of the benchmark alone: what it seals is noise."""
THREADS = 2
PICTURES = 24
"""Different pictures, each sent many times under other cameras and times."""
QUALITY = 80


def commune() -> Commune:
    """41 cameras, each with one zone; a heartbeat of one second, so that no frame is skipped as still."""
    whole = Zone("all", "Tất cả", ZoneKind.COUNT, [(0, 0), (1, 0), (1, 1), (0, 1)])
    names = [f"cam-{i:02d}" for i in range(CAMERAS)]
    return Commune(
        [], [], [], [], [], [Camera(name, name, [], "-", [whole], heartbeat_s=1) for name in names]
    )


def pictures() -> list[bytes]:
    """1080p JPEGs of about 0.3 MB, as a camera makes them of a textured place."""
    made = []
    for seed in range(PICTURES):
        random = np.random.default_rng(seed)
        rough = random.integers(40, 215, (68, 120, 3), dtype=np.uint8)
        picture = cv2.resize(rough, (1920, 1080), interpolation=cv2.INTER_CUBIC).astype(np.int16)
        picture += random.normal(0, 7, (1080, 1920, 1)).astype(np.int16)
        done, jpeg = cv2.imencode(
            ".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        )
        if not done:
            msg = "no JPEG was made"
            raise RuntimeError(msg)
        made.append(jpeg.tobytes())
    return made


def made(frames: int) -> Iterator[Made]:
    """Second by second over all cameras."""
    seal, jpegs, encode = Seal(KEY), pictures(), msgspec.msgpack.Encoder().encode
    for i in range(frames):
        second, camera = divmod(i, CAMERAS)
        name, at_s = f"cam-{camera:02d}", START_S + 2 * second
        sealed = seal.seal(jpegs[i % PICTURES], about(name))
        frame = Frame(1, name, second, datetime.fromtimestamp(at_s, UTC), "image/jpeg", sealed)
        yield encode(frame), name.encode(), at_s * 1000, partition_of(name)


def run_flow(bootstrap: str, topics: dict[str, str], weights: str, _frames: int) -> None:
    """Our flow as it runs in production, without the store."""
    from bytewax.run import cli_main

    from connectors.bytewax_runner import EPOCH

    def sink(name: str, encode: Any, place: Any) -> Any:
        return KafkaSink(KafkaSinkSettings(bootstrap, topics[name]), encode, place)

    source = KafkaSourceSettings(bootstrap, topics["frames"], "bench", batch=BATCH, bounded=True)
    flow = build(
        KafkaSource(source),
        sink("observations", encode_observations, same_partition),
        sink("alerts", encode_changes, same_partition),
        sink("rejected", encode_rejected, None),
        None,
        plan(commune()),
        eyes(Seal(KEY), load(Path(weights)), THREADS),
    )
    cli_main(flow, epoch_interval=EPOCH)  # type: ignore[no-untyped-call]


def run_bare(_bootstrap: str, _topics: dict[str, str], weights: str, frames: int) -> None:
    """Only decode at the size needed and detect, both on all cores; no Kafka, no cipher, no rules."""
    detector, jpegs = load(Path(weights)), pictures()
    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, frames, BATCH):
            several = [jpegs[i % PICTURES] for i in range(first, min(frames, first + BATCH))]
            opened = pool.map(lambda jpeg: open_jpeg(jpeg, detector.size), several)
            detector([one for one in opened if isinstance(one, np.ndarray)])


def run_ultralytics(_bootstrap: str, _topics: dict[str, str], weights: str, frames: int) -> None:
    """As the tutorials write it: decode a frame, ask the model, take the next."""
    from ultralytics import YOLO

    model, jpegs = YOLO(weights), pictures()
    for i in range(frames):
        picture: NDArray[np.uint8] = np.asarray(
            cv2.imdecode(np.frombuffer(jpegs[i % PICTURES], np.uint8), cv2.IMREAD_COLOR)
        )
        model.predict(picture, imgsz=320, conf=0.1, classes=[0], verbose=False, device="cpu")


WAYS = {"flow": run_flow, "bare": run_bare, "ultralytics": run_ultralytics}


def main() -> None:
    """`python -m infra.lab.bench.watching WAY BOOTSTRAP TOPICS_JSON WEIGHTS FRAMES`: print seconds and memory."""
    way, bootstrap, topics, weights, frames = sys.argv[1:]
    # Imports and the first compilation of the net are not what is measured.
    if way == "ultralytics":
        import ultralytics  # noqa: F401
    import bytewax.run  # noqa: F401

    ready = time.perf_counter()
    pictures()
    spent = time.perf_counter() - ready
    start = time.perf_counter()
    WAYS[way](bootstrap, json.loads(topics), weights, int(frames))
    wall = time.perf_counter() - start - (0 if way == "flow" else spent)
    print(json.dumps({"wall_s": wall, "peak_mib": _peak_mib()}))


def _peak_mib() -> int:
    """The most memory of this program (VmHWM); getrusage's would be that of whoever started us, if it was more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
