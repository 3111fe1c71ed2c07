"""The process `intake`: the drop folder, the form, and what was refused outside the flows brought into the store."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import msgspec
import psycopg
import structlog
import uvicorn
from confluent_kafka import Consumer

from connectors import clock, commune, readiness
from connectors.intake.folder import Folder
from connectors.intake.form import Members, application
from connectors.intake.topic import REJECTED, IntakeTopic
from connectors.kafka.asking import commit
from connectors.kafka.client import client_settings
from connectors.timescale import rejects
from models.commune.file_names import file_stations
from models.envelope.rejected import Rejected
from models.telemetry import ways

if TYPE_CHECKING:
    from connectors.settings import Settings

log = structlog.get_logger(__name__)

LOOK_S = 2.0
GROUP = "phusa-intake"
PLAYED_S = 0.5
"""Where the clock is a play's, which runs a thousand times as fast."""
POLL_S, BATCH = 1.0, 200
OUTSIDE = ("file:", "lorawan:", "form:", "mqtt:")
"""Origins of what no flow keeps itself."""


def run(settings: Settings) -> None:
    """Run until SIGTERM. Start: phusa run intake."""
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Look into the folder, answer the form on the loopback, keep what was refused."""
    own, now = commune.load(settings.commune), clock.from_setting(settings.clock) or clock.system
    topic, stopping = IntakeTopic(settings.bootstrap), asyncio.Event()
    files = settings.var / "files"
    folder = Folder(
        files / "in", files / "done", files / "refused", file_stations(own.stations), topic.put, now
    )

    members = Members(settings.secrets_dir / "members.json", own)
    app = application(members, topic.put, now, settings.trusted)
    server = uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=settings.intake_port, log_level="warning", access_log=False,
            server_header=False, limit_concurrency=64,
            # X-Forwarded-For is read in connectors/caller.py: uvicorn believes whoever calls from 127.0.0.1.
            proxy_headers=False,
        )
    )  # fmt: skip
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    tasks = [
        asyncio.create_task(_beating(topic, now, settings, stopping)),
        asyncio.create_task(_looking(folder, stopping)),
        asyncio.create_task(_keeping(settings, stopping)),
        asyncio.create_task(_serving(server, stopping)),
    ]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    stopping.set()
    await asyncio.wait(tasks, timeout=10)
    for one in done:
        one.result()


async def _beating(topic: IntakeTopic, now: clock.Now, settings: Settings, stopping: asyncio.Event) -> None:
    """Say every few seconds, the first time before anything is taken, that we live."""
    number, promise_s = 0, ways.promise_s(settings.clock)
    played, passed = promise_s > ways.PROMISE_S, clock.passed(now)
    while promise_s and not stopping.is_set():
        topic.beat(number, passed(), promise_s)
        number += 1
        await _pause(stopping, PLAYED_S if played else ways.EVERY_S)


async def _looking(folder: Folder, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await asyncio.to_thread(folder.look)
        await _pause(stopping, LOOK_S)


async def _serving(server: uvicorn.Server, stopping: asyncio.Event) -> None:
    async def end() -> None:
        await stopping.wait()
        server.should_exit = True

    ending = asyncio.create_task(end())
    # `serve` would take the signals, which belong to the whole process.
    await server._serve()  # noqa: SLF001
    ending.cancel()


async def _keeping(settings: Settings, stopping: asyncio.Event) -> None:
    """What the folder and the bridge refused goes into the store; committed after it is there."""
    consumer = Consumer(
        {
            **client_settings(settings.bootstrap),
            "group.id": GROUP,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([REJECTED], on_assign=lambda *_: readiness.tell(readiness.PARTITIONS))
    try:
        while not stopping.is_set():
            found = await asyncio.to_thread(consumer.consume, BATCH, POLL_S)
            records = [one.value() for one in found if one.error() is None]
            kept = [
                one for one in map(_decoded, records) if one is not None and one.topic.startswith(OUTSIDE)
            ]
            while kept and not stopping.is_set():
                try:
                    await asyncio.to_thread(rejects.keep, settings.dsn("writer"), kept)
                    break
                except psycopg.OperationalError as error:
                    log.warning("store_away", reason=str(error).splitlines()[0])
                    await _pause(stopping, LOOK_S)
            if records and not stopping.is_set():
                await asyncio.to_thread(commit, consumer)
    finally:
        consumer.close()


_decode = msgspec.json.Decoder(Rejected).decode


def _decoded(value: bytes | None) -> Rejected | None:
    """None, and a word of it, for what none of ours has written: the topic keeps it, the others must not wait for it."""
    try:
        return _decode(value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("reject_unreadable", reason=str(error))
        return None


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
