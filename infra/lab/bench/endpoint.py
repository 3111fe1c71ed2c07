"""The endpoint under load: signed calls of all providers, answered after Kafka has them.

Server and load generator are a process each on the same cores; the calls are made and signed
before the clock starts. The baseline is the same server whose keeper answers at once.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import clock
from connectors.kafka.lag import ends
from infra.lab.bench.result import Result
from infra.rehearsal.simulator.webhooks import successes
from models.catalogue.providers import Provider
from models.payments.configuration import Fee, Merchant, MerchantKind, Odd, Payments, Targets
from models.payments.providers.registry import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.rehearsal.simulator.webhooks import Webhook

LEAST = 1000
CONNECTIONS = 64
WARM = 500
ANSWERS = successes()
ACCOUNT = "4711"
WAYS = ("kafka", "bare")
PAYMENTS = Payments(
    [Merchant("ve-sinh", "Vệ sinh", MerchantKind.SERVICE, "la-van-ha", dict.fromkeys(Provider, ACCOUNT))],
    [Fee("rac", "Rác", "ve-sinh", ["TIEN RAC", "RAC"], amount_vnd=27_000)],
    [],
    Targets(0.5, 0.45, 1959),
    Odd(5, 1_000_000, 5),
)


class Bare:
    """Keeps nothing."""

    async def put(self, key: str, value: bytes) -> None:
        """Return at once."""


async def serve(way: str, bootstrap: str, topic: str, port: int, folder: Path) -> None:
    """The application with its real parts, but for the keeper."""
    from connectors.payments import application as app
    from connectors.payments import secret_files
    from connectors.payments.audit import audit
    from connectors.payments.topic import Topic, TopicSettings
    from connectors.payments.verifier import Verifier
    from connectors.sealing import Seal, key
    from models.payments.content import vocabulary
    from models.payments.redaction import Redaction

    keeper = Topic(TopicSettings(bootstrap, topic)) if way == "kafka" else Bare()
    redaction = Redaction(vocabulary(PAYMENTS), key(folder, "payers"))
    verifier = Verifier(keeper, Seal(key(folder, "payments")), redaction, audit(folder))
    served = app.served_endpoints(PAYMENTS, secret_files.load(folder))
    made = app.application(served, verifier, clock.system, keeper)
    await app.server(made, port).serve()


def calls(number: int, first: int, folder: Path) -> list[bytes]:
    """HTTP/1.1 requests with keep-alive, a payment each."""
    from connectors.payments import secret_files
    from infra.rehearsal.simulator.webhooks import Transfer, webhook

    secrets, now = secret_files.load(folder), clock.system()
    providers = list(Provider)
    made = []
    for i in range(first, first + number):
        provider = providers[i % len(providers)]
        text = "BILL" if PROVIDERS[provider].one_word else f"TIEN RAC T10 HO{i % 1959:04d} Nguyen Van A"
        one = Transfer(10_000_000 + i, now, 27_000, ACCOUNT, text, f"84912{i % 1_000_000:06d}")
        made.append(_bytes(webhook(provider, one, secrets[provider], now)))
    return made


def _bytes(one: Webhook) -> bytes:
    headers = {"host": "127.0.0.1", **one.headers, "content-length": str(len(one.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{one.method} {one.path} HTTP/1.1\r\n{head}\r\n".encode() + one.body


class _Caller(asyncio.Protocol):
    """One connection: the next call goes out when the answer to the last is there."""

    def __init__(self, left: list[bytes], done: asyncio.Future[None], taken: list[float]) -> None:
        self._left, self._done, self._taken = left, done, taken
        self._buffer, self._sent = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._next()

    def _next(self) -> None:
        if not self._left:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(self._left.pop())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        if not (head.startswith(b"HTTP/1.1 200") and any(answer in body for answer in ANSWERS)):
            self._done.set_exception(RuntimeError(self._buffer[:500].decode()))
            return
        self._buffer = b""
        self._taken.append(time.perf_counter() - self._sent)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or RuntimeError("the server closed"))


async def load(port: int, left: list[bytes]) -> list[float]:
    """Send all over CONNECTIONS connections; seconds of each answer. Raises on any that is no success."""
    loop, taken = asyncio.get_running_loop(), list[float]()
    waits = [loop.create_future() for _ in range(CONNECTIONS)]
    for done in waits:
        await loop.create_connection(partial(_Caller, left, done, taken), "127.0.0.1", port)
    await asyncio.gather(*waits)
    return taken


def endpoint(
    bootstrap: str, topic: str, port: int, number: int, runs: int, tell: Callable[[str], None]
) -> list[Result]:
    """Rates of both ways, `runs` times in turn; `number` calls each."""
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    before = _records(bootstrap, topic)
    with tempfile.TemporaryDirectory() as name:
        _provide(Path(name))
        for run in range(runs):
            for way in WAYS:
                with _server(way, bootstrap, topic, port, name):
                    found = _measured(port, number, name)
                rates[way].append(found["rate"])
                tell(f"{way}: {found['rate']:,.0f}/s, p99 {found['p99_ms']:.0f} ms ({run + 1}/{runs})")
    kept = _records(bootstrap, topic) - before
    if kept != runs * (number + WARM):
        # A rate of answers that Kafka does not have would be no rate.
        raise RuntimeError(f"{kept} records for {runs * (number + WARM)} answered calls")
    return [_result(rates)]


def _records(bootstrap: str, topic: str) -> int:
    return sum(ends(bootstrap, [topic])[topic].values())


def _result(rates: dict[str, list[float]]) -> Result:
    value, base = statistics.median(rates["kafka"]), statistics.median(rates["bare"])
    ratio = statistics.median(one / other for one, other in zip(rates["kafka"], rates["bare"], strict=True))
    return Result(
        "cổng thanh toán / không có Kafka (endpoint / without Kafka)",
        round(value),
        "calls/s",
        round(base),
        round(ratio, 3),
        f">= {LEAST} calls/s",
        value >= LEAST,
        len(rates["kafka"]),
    )


def _provide(folder: Path) -> None:
    from connectors.payments import secret_files
    from connectors.sealing import key

    secret_files.provision(folder)
    for one in ("payments", "payers"):
        key(folder, one)


@contextmanager
def _server(way: str, bootstrap: str, topic: str, port: int, folder: str) -> Iterator[None]:
    """The server's process, answering."""
    command = [
        sys.executable,
        "-m",
        "infra.lab.bench.endpoint",
        "serve",
        way,
        bootstrap,
        topic,
        str(port),
        folder,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    import httpx

    for _ in range(200):
        try:
            httpx.get(f"http://127.0.0.1:{port}/openapi.json")
        except httpx.TransportError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the endpoint does not answer")


def _measured(port: int, number: int, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "infra.lab.bench.endpoint", "load", str(port), str(number), folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: list[str]) -> None:
    """`serve WAY BOOTSTRAP TOPIC PORT FOLDER` or `load PORT NUMBER FOLDER`."""
    what, *rest = arguments
    if what == "serve":
        way, bootstrap, topic, port, folder = rest
        asyncio.run(serve(way, bootstrap, topic, int(port), Path(folder)))
    else:
        print(json.dumps(_loaded(int(rest[0]), int(rest[1]), Path(rest[2]))))


def _loaded(port: int, number: int, folder: Path) -> dict[str, float]:
    asyncio.run(load(port, calls(WARM, 0, folder)))
    ready = calls(number, WARM, folder)
    start = time.perf_counter()
    taken = sorted(asyncio.run(load(port, ready)))
    wall = time.perf_counter() - start
    return {"rate": number / wall, "p99_ms": taken[int(len(taken) * 0.99)] * 1000}


if __name__ == "__main__":
    main(sys.argv[1:])
