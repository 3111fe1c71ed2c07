"""All cameras in one process: a thread reads each, the newest pictures go to the topic `frames`, sealed.

Delivery: at most once. A picture that cannot be sent is replaced by a newer one and counted as dropped: lag is
worse than loss. While Kafka is away every camera keeps one picture and goes on.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import av
import httpx
import msgspec
import structlog
from confluent_kafka import KafkaError, KafkaException, Message

from connectors import clock
from connectors.cameras import snapshot, stream
from connectors.cameras.address import address, scrubbed, with_credentials
from connectors.cameras.picture import Counts, Slot
from connectors.commune import load
from connectors.kafka.sink import KafkaSinkSettings, producer
from connectors.sealing import Seal, key
from models.envelope.partition import partition_of
from models.envelope.reading import SCHEMA_VERSION
from models.vision.frame import Frame, about

if TYPE_CHECKING:
    from connectors.settings import Settings
    from models.vision.camera import Camera

log = structlog.get_logger(__name__)

TOPIC = "frames"
POLL_S = 0.01
TELL_S, KEEP_S = 60.0, 2.0
END_S = 5.0
"""For the readers to see that it is over, at their next packet."""
LEAST_PAUSE_S, MOST_PAUSE_S = 1.0, 30.0
FLIGHTS = 2
"""Frames of one camera that may be on their way to Kafka; the next waits, and a newer one takes its place."""
_encode = msgspec.msgpack.Encoder().encode
_FAILURES = (
    av.FFmpegError, OSError, httpx.HTTPError, httpx.InvalidURL, stream.EndedError, snapshot.TooBigError, IndexError,
    RuntimeError,
)  # fmt: skip
"""What a source may answer with; an IndexError is a stream without video."""


class Reader:
    """Reads one camera for ever; says once that it is lost and once that it is back."""

    def __init__(self, camera: Camera, where: str, now: clock.Now, stopping: threading.Event) -> None:
        self.camera, self.slot = camera, Slot()
        self._where, self._now, self._stopping = where, now, stopping
        self._well: bool | None = None

    def run(self) -> None:
        """Until stopped. A film is played once: when it is over, the camera is silent."""
        pause_s = LEAST_PAUSE_S
        while not self._stopping.is_set():
            before = self.slot.counts.taken
            try:
                self._read()
            except _FAILURES as error:
                self._lost(error)
                if isinstance(error, stream.EndedError) and "://" not in self._where:
                    return
            if self.slot.counts.taken > before:
                pause_s = LEAST_PAUSE_S
            # Not all at the same moment, when a switch comes back with forty cameras.
            self._stopping.wait(pause_s * random.uniform(0.7, 1.3))  # noqa: S311 (no secret)
            pause_s = min(2 * pause_s, MOST_PAUSE_S)

    def _read(self) -> None:
        kind = snapshot if self._where.startswith("http") else stream
        for picture in kind.pictures(self._where, self.camera.rate_per_s, self._now, self._stopping.is_set):
            if not self._well:
                self._well = True
                self.slot.counts.connects += 1
                log.info("camera_connected", camera=self.camera.id)
            self.slot.put(picture)

    def _lost(self, error: Exception) -> None:
        self.slot.counts.failures += 1
        if self._well is not False:
            self._well = False
            log.warning("camera_lost", camera=self.camera.id, error=scrubbed(str(error)))


class Capture:
    """All readers, and the one producer behind them."""

    def __init__(self, own: Settings, cameras: list[Camera]) -> None:
        self._stopping = threading.Event()
        now = clock.from_setting(own.clock) or clock.system
        self._status = own.var / "cameras.json"
        self._readers = [
            Reader(
                camera,
                with_credentials(address(camera, own.camera_server), camera.id, own.secrets_dir),
                now,
                self._stopping,
            )
            for camera in cameras
        ]
        self._flights = {camera.id: 0 for camera in cameras}
        self._numbers = {camera.id: 0 for camera in cameras}
        self._seal = Seal(key(own.secrets_dir, "frames"))
        # Sealed bytes do not compress. 10 s: a frame that Kafka has not taken by then is old.
        config = {
            "compression.type": "none",
            "message.timeout.ms": 10_000,
            "delivery.report.only.error": False,
        }
        self._producer = producer(KafkaSinkSettings(own.bootstrap, TOPIC, config=config))

    def run(self) -> bool:
        """Until `stop`; then what is in flight is awaited. False when a reader is still inside FFmpeg."""
        if not self._readers:
            log.warning("no_cameras", hint="cameras.yaml")
        threads = [
            threading.Thread(target=reader.run, name=reader.camera.id, daemon=True)
            for reader in self._readers
        ]
        for thread in threads:
            thread.start()
        told = kept = time.monotonic()
        while not self._stopping.is_set():
            self._send()
            self._producer.poll(POLL_S)
            if time.monotonic() - kept >= KEEP_S:
                kept = time.monotonic()
                self._keep()
            if time.monotonic() - told >= TELL_S:
                told = time.monotonic()
                log.info(
                    "cameras", **{reader.camera.id: asdict(reader.slot.counts) for reader in self._readers}
                )
        left = self._producer.flush(10)
        self._keep()
        until = time.monotonic() + END_S
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        stuck = [thread.name for thread in threads if thread.is_alive()]
        log.info("capture_stopped", unacknowledged=left, stuck=stuck)
        return not stuck

    def stop(self, *_signal: object) -> None:
        """End `run`."""
        self._stopping.set()

    def counts(self) -> dict[str, Counts]:
        """By camera."""
        return {reader.camera.id: reader.slot.counts for reader in self._readers}

    def _send(self) -> None:
        for reader in self._readers:
            name = reader.camera.id
            if self._flights[name] >= FLIGHTS or (picture := reader.slot.take()) is None:
                continue
            number = self._numbers[name] = self._numbers[name] + 1
            sealed = self._seal.seal(picture.data, about(name))
            frame = Frame(SCHEMA_VERSION, name, number, picture.at, picture.content_type[:64], sealed)
            try:
                self._producer.produce(
                    TOPIC,
                    _encode(frame),
                    name,
                    partition_of(name),
                    on_delivery=partial(self._delivered, reader),
                    timestamp=round(picture.at.timestamp() * 1000),
                )
            except (BufferError, KafkaException):
                # Its own queue is full, or the picture is larger than a record may be.
                reader.slot.counts.dropped += 1
            else:
                self._flights[name] += 1

    def _delivered(self, reader: Reader, error: KafkaError | None, _message: Message) -> None:
        self._flights[reader.camera.id] -= 1
        if error is None:
            reader.slot.counts.sent += 1
        else:
            reader.slot.counts.dropped += 1
            log.warning("frame_not_taken", camera=reader.camera.id, error=error.str())

    def _keep(self) -> None:
        """The counts for `phusa status` and the demo, replaced in one step."""
        made = self._status.with_suffix(".new")
        made.write_bytes(msgspec.json.encode({name: asdict(count) for name, count in self.counts().items()}))
        made.replace(self._status)


def run(settings: Settings) -> None:
    """Capture until SIGTERM. Start: phusa run capture."""
    # FFmpeg writes addresses, with credentials, to stderr.
    av.logging.set_level(av.logging.PANIC)
    capture = Capture(settings, load(settings.commune).cameras)
    signal.signal(signal.SIGTERM, capture.stop)
    signal.signal(signal.SIGINT, capture.stop)
    if not capture.run():
        # Python's own way out would unwind those threads through C++ and abort.
        sys.stdout.flush()
        os._exit(0)
