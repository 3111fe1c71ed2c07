"""The way out: from an alert on the topic to the gateway, and how long until many are told, the worst level first."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from collections import deque
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import psycopg
import structlog
import uvicorn
from confluent_kafka import Producer
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import commune as files
from connectors import http
from connectors.kafka.client import client_settings
from flows.delivery import Delivery
from infra.lab.bench.result import Result, bounded
from models.alerting.alert import AlertChange, Change
from models.alerting.sending import Answer, Order, Sent
from models.catalogue.analytics import ANALYTICS
from models.catalogue.channels import CHANNELS
from models.catalogue.kinds import Kind
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from connectors.settings import Settings

CROWD = next(row for row in ANALYTICS.values() if row.kind is Kind.CROWD)
"""What is counted where a crowd gathers."""
A_SECOND, WARM_S = 50, 3
LATENCY_S = 0.5
TAKES_S = 0.1
"""How long the limited gateway needs for an answer."""
LIMITS = (4_000, 20_000)
WITHIN_S = 60.0
MINUTE_S = 60.0
LATE = 1.1
"""Where the gateway's own limit allows no more in a minute, so much over the time that it needs at the least."""
PAUSE_S = 0.1
CHANNEL = str(next(iter(CHANNELS)))
"""By which many are told; any would do, its gateway is this part's own."""


def latency(settings: Settings, seconds: float, tell: Callable[[str], None]) -> Result:
    """p99 in seconds from an alert's record on the topic to the gateway being called, at A_SECOND alerts a second.

    Alerts begin and end in turn at all cameras, each told to who is concerned; the longest way of each alert counts.
    """
    changes = _changes(settings)
    _publish(settings, islice(changes, int(WARM_S * A_SECOND)))
    _settled(settings)
    httpx.delete(f"{settings.gateway_url}/_messages").raise_for_status()
    sent = _publish(settings, islice(changes, int(seconds * A_SECOND)))
    _settled(settings)
    found = sorted(_latencies(settings, sent))
    p50, p99 = statistics.median(found), found[min(len(found) - 1, int(0.99 * len(found)))]
    tell(f"{len(found)} tin nhắn (messages): p50 {p50:.3f} s, p99 {p99:.3f} s")
    return bounded(f"cảnh báo trên topic → cổng, p99 (alert to gateway, {A_SECOND}/s)", "s", [p99], LATENCY_S)


def _changes(settings: Settings) -> Iterator[AlertChange]:
    """An alert at each camera begins, then ends; then the next alert of each."""
    cameras = [camera.id for camera in files.load(settings.commune).cameras]
    for number, camera in enumerate(cycle(cameras)):
        turn = number // len(cameras)
        ends = bool(turn % 2)
        at = datetime.now(UTC)
        yield AlertChange(
            v=SCHEMA_VERSION, source="bench", seq=2 if ends else 1, at=at, alert=f"bench-{camera}-{turn // 2}", rule="bench", kind=Kind.CROWD,
            station=camera, parameter=f"{CROWD.code}/bench", change=Change.CLEAR if ends else Change.RAISE, level=0 if ends else 1, previous=1 if ends else 0,
            value=5.0 if ends else 13.0, limit=8.0 if ends else 12.0, unit=CROWD.unit,
        )  # fmt: skip


def _publish(settings: Settings, changes: Iterator[AlertChange]) -> dict[tuple[str, int], float]:
    """When each change was given to Kafka (Unix seconds), evenly spaced."""
    producer = Producer(client_settings(settings.bootstrap) | {"linger.ms": 0, "acks": "all"})
    encode, start, sent = msgspec.json.Encoder().encode, time.monotonic(), dict[tuple[str, int], float]()
    for change in changes:
        while (early := start + len(sent) / A_SECOND - time.monotonic()) > 0:
            producer.poll(min(early, 0.005))
        sent[change.alert, change.seq] = time.time()
        producer.produce("alerts", encode(change), change.alert)
    producer.flush()
    return sent


def _latencies(settings: Settings, sent: dict[tuple[str, int], float]) -> list[float]:
    called = {one["key"]: one["received_at"] for one in httpx.get(f"{settings.gateway_url}/_messages").json()}
    with psycopg.connect(settings.dsn("writer")) as db:
        rows = db.execute("select id, alert, seq from notification").fetchall()
    return [
        datetime.fromisoformat(called[key]).timestamp() - sent[alert, seq]
        for key, alert, seq in rows
        if key in called and (alert, seq) in sent
    ]


def _settled(settings: Settings) -> None:
    """Nothing waits in the outbox, and the alerts flow has read all there is."""
    from connectors.kafka.lag import ends

    while not _empty(settings, ends(settings.bootstrap, ["alerts"])["alerts"]):
        time.sleep(PAUSE_S)


def _empty(settings: Settings, wanted: dict[int, int]) -> bool:
    with psycopg.connect(settings.dsn("writer")) as db:
        read: dict[int, int] = dict(
            db.execute(
                "select partition, next_offset from source_offset where flow = 'alerts' and topic = 'alerts'"
            ).fetchall()
        )
        waits = db.execute(
            "select exists (select from notification where state in ('pending', 'sending'))"
        ).fetchone()
    return all(read.get(one, 0) >= end for one, end in wanted.items()) and not (waits or (True,))[0]


# --- many to tell -----------------------------------------------------------------------------------------------------


def many(settings: Settings, people: int, tell: Callable[[str], None]) -> list[Result]:
    """Seconds until so many have been told by one gateway with a limit, for each of LIMITS; one message, one request."""
    found = []
    # A line a message of the sender's log, which runs in this process here, would hide the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for limit in LIMITS:
        used_s = time.process_time()
        worst_s, all_s, refused = asyncio.run(_run(settings, people, limit))
        each_ms = 1000 * (time.process_time() - used_s) / people
        floor_s = MINUTE_S * people / limit
        tell(f"{people} người (people), {limit}/phút (min): mức 3 sau {worst_s:.1f} s, tất cả sau {all_s:.1f} s, cổng từ chối {refused} lần; ít nhất {floor_s:.0f} s; {each_ms:.2f} ms CPU mỗi tin (a message)")  # fmt: skip
        most_s = max(WITHIN_S, LATE * floor_s)
        found.append(
            bounded(
                f"{people} người, cổng {limit}/phút (told by a gateway of {limit}/min)", "s", [all_s], most_s
            )
        )
        found.append(
            bounded(f"trong đó mức 3, một phần ba (of them level 3, {limit}/min)", "s", [worst_s], most_s / 2)
        )
    return found


class _Sender:
    """One JSON request a message, by the client of every gateway over HTTP."""

    idempotent = True

    def __init__(self, base: str) -> None:
        self._client, self._url = http.client(), f"{base}/send"

    async def send(self, order: Order) -> Sent:
        answer = await http.ask(self._client, self._url, json={"key": order.key, "text": order.sms_text})
        return answer if isinstance(answer, Sent) else Sent(Answer.SENT, "", "", str(answer["id"]))

    async def close(self) -> None:
        await self._client.aclose()


async def _run(settings: Settings, people: int, limit: int) -> tuple[float, float, int]:
    """Seconds until all of level 3 were told, until all were, and how often the gateway said that it was too fast."""
    _fill(settings, people)
    own = settings.model_copy(update={"requests_per_min": limit})
    with _gateway(settings, limit) as base:
        sender = _Sender(base)
        dsn = settings.dsn("writer")
        async with AsyncConnectionPool(
            dsn, min_size=2, max_size=8, open=False, kwargs={"autocommit": True}
        ) as pool:
            delivery = Delivery(own, {CHANNEL: sender}, pool)
            start = time.monotonic()
            sending = asyncio.create_task(delivery.send())
            worst_s = await _until(pool, "level = 3", start, sending)
            all_s = await _until(pool, "true", start, sending)
            delivery.stopping.set()
            await sending
            await sender.close()
        refused = await asyncio.to_thread(_refused, base)
    return worst_s, all_s, refused


async def _until(pool: AsyncConnectionPool, of: str, start: float, sending: asyncio.Task[None]) -> float:
    """Seconds from `start` until none of them waits; a sender that has ended says why."""
    while True:
        async with pool.connection() as db:
            cursor = await db.execute(
                f"select exists (select from notification where {of} and state <> 'sent')"
            )
            row = await cursor.fetchone()
        if row is not None and not row[0]:
            return time.monotonic() - start
        if sending.done():
            await sending
        await asyncio.sleep(PAUSE_S)


def _fill(settings: Settings, people: int) -> None:
    """One message for each, a third of each level, in no order."""
    with psycopg.connect(settings.dsn("admin"), autocommit=True) as db:
        db.execute("truncate phusa.notification, phusa.attempt")
        db.execute(
            """
            insert into phusa.notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data)
            select 'bench-' || n, 'bench', 1, 'c' || to_char(n, 'FM00000'), 'flood', 1 + n %% 3, array[%s], %s, 'CANH BAO LU ' || n, 'flood_rise', '{}'
            from generate_series(0, %s - 1) n
            """,
            [CHANNEL, CHANNEL, people],
        )
        db.execute("analyze phusa.notification")


@contextmanager
def _gateway(settings: Settings, limit: int) -> Iterator[str]:
    """A gateway with a limit in a process of its own, so that it takes no time from the sender's."""
    port = settings.gateway_port
    process = get_context("spawn").Process(target=_serve, args=(port, limit), daemon=True)
    process.start()
    base = f"http://127.0.0.1:{port}"
    try:
        while not _answers(base):
            time.sleep(PAUSE_S)
        yield base
    finally:
        process.terminate()
        process.join()


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/refused").is_success
    except httpx.TransportError:
        return False


def _refused(base: str) -> int:
    return int(httpx.get(f"{base}/refused").json())


def _serve(port: int, limit: int) -> None:
    uvicorn.run(_limited(limit), host="127.0.0.1", port=port, log_level="error", access_log=False)


def _limited(limit: int) -> Starlette:
    """Takes each request, in TAKES_S; HTTP 429 beyond the limit of any 60 seconds."""
    taken: deque[float] = deque()
    refused: list[float] = []

    async def send(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        now = time.monotonic()
        while taken and taken[0] <= now - MINUTE_S:
            taken.popleft()
        if len(taken) >= limit:
            refused.append(now)
            return Response(status_code=429)
        taken.append(now)
        await asyncio.sleep(TAKES_S)
        return JSONResponse({"id": asked["key"]})

    async def count(_request: Request) -> Response:
        return JSONResponse(len(refused))

    return Starlette(routes=[Route("/send", send, methods=["POST"]), Route("/refused", count)])
