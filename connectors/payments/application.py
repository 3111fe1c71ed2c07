"""The ASGI application: an address for each provider that has a secret, and the OpenAPI document.

A call is answered as success only after Kafka has it; Kafka away: 503 (VNPay: RspCode 99), so that
the provider repeats it. Start: phusa run endpoint.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
import uvicorn
from confluent_kafka import KafkaException
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import clock, commune
from connectors.caller import caller_address
from connectors.payments import openapi, secret_files
from connectors.payments.audit import audit
from connectors.payments.topic import Topic, TopicSettings
from connectors.payments.verifier import ServedEndpoint, Verifier
from connectors.sealing import Seal, key
from models.envelope.rejected import Reason
from models.payments.content import vocabulary
from models.payments.contract import MAX_BYTES, Call, Refusal, receivers
from models.payments.providers.registry import ENDPOINTS
from models.payments.redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from connectors.caller import Network
    from connectors.payments.topic import Keeper
    from connectors.settings import Settings
    from models.catalogue.providers import Provider
    from models.payments.configuration import Payments
    from models.payments.contract import Secret

log = structlog.get_logger(__name__)

READ_S = 10.0
"""A provider sends its some hundred bytes at once; who dribbles is cut off."""
FINISH_S = 10
MOST_AT_ONCE = 1000
"""Connections; more are answered 503 by the server."""


def served_endpoints(payments: Payments | None, secrets: Mapping[Provider, Secret]) -> list[ServedEndpoint]:
    """The endpoints whose provider has a secret; who has none is not served, and that is said in the log."""
    if payments is None:
        log.warning("no_payments_configured", file="payments.yaml")
        return []
    for endpoint in ENDPOINTS:
        if endpoint.provider not in secrets:
            log.warning(
                "provider_not_served", path=endpoint.path, file=f"{secret_files.PREFIX}{endpoint.provider}"
            )
    return [
        ServedEndpoint(endpoint, secrets[endpoint.provider], receivers(payments, endpoint.provider))
        for endpoint in ENDPOINTS
        if endpoint.provider in secrets
    ]


def application(
    served: list[ServedEndpoint],
    verifier: Verifier,
    now: clock.Now,
    keeper: Keeper,
    trusted: Sequence[Network] = (),
) -> Starlette:
    """The application; `now` is the commune's time, under which a call is kept; `trusted` are our own proxies."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        verifier.tell_held()
        if isinstance(keeper, Topic):
            await keeper.close()

    async def document(_request: Request) -> Response:
        return JSONResponse(openapi.document())

    return Starlette(
        routes=[
            *(
                Route(
                    path,
                    _answering(served_endpoint, verifier, now, trusted),
                    methods=[served_endpoint.endpoint.method],
                )
                for served_endpoint in served
                # Who wrote a slash behind the address would be sent elsewhere (307), and no provider goes.
                for path in (served_endpoint.endpoint.path, f"{served_endpoint.endpoint.path}/")
            ),
            Route("/openapi.json", document),
        ],
        lifespan=lifespan,
    )


def _answering(
    served: ServedEndpoint, verifier: Verifier, now: clock.Now, trusted: Sequence[Network]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body, early = await _body(request)
        query = request.scope["query_string"].decode("latin-1")
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]
        }
        peer = request.client.host if request.client else None
        caller = caller_address(request.scope["headers"], peer, trusted)
        said = await verifier.take(served, Call(body, headers, query, now()), early, caller)
        # What is left unread of a body that is too big is not read: the connection ends.
        more = {"connection": "close"} if early is not None else None
        return Response(said.body, said.status, more, media_type="application/json")

    return answer


async def _body(request: Request) -> tuple[bytes, Refusal | None]:
    """At most MAX_BYTES of the body, and why it is refused unread."""
    body = bytearray()
    try:
        async with asyncio.timeout(READ_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BYTES:
                    return bytes(body[:MAX_BYTES]), _too_big()
    except TimeoutError:
        return bytes(body), Refusal(
            Reason.WRONG_CONTENT, f"chưa gửi xong sau {READ_S:.0f} giây", f"not complete after {READ_S:.0f} s"
        )
    return bytes(body), None


def _too_big() -> Refusal:
    return Refusal(Reason.TOO_BIG, f"quá lớn, tối đa {MAX_BYTES} byte", f"too big, at most {MAX_BYTES} bytes")


class _Server(uvicorn.Server):
    """Ends when the producer is beyond help."""

    def __init__(self, settings: uvicorn.Config, broken: Callable[[], bool]) -> None:
        super().__init__(settings)
        self._broken = broken

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._broken()


def server(app: Starlette, port: int, broken: Callable[[], bool] = bool) -> uvicorn.Server:
    """The server of the application; it ends on SIGTERM, after what was taken is answered, or when `broken`."""
    return _Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            # X-Forwarded-For is read in connectors/caller.py: uvicorn believes whoever calls from 127.0.0.1.
            proxy_headers=False,
            limit_concurrency=MOST_AT_ONCE,
            timeout_graceful_shutdown=FINISH_S,
        ),
        broken,
    )


async def serve(settings: Settings) -> None:
    """Serve on the loopback until SIGTERM; what was taken is answered first. Raises KafkaException."""
    folder, payments = settings.secrets_dir, commune.load(settings.commune).payments
    topic = Topic(TopicSettings(settings.bootstrap))
    verifier = Verifier(
        topic,
        Seal(key(folder, "payments")),
        Redaction(vocabulary(payments), key(folder, "payers")),
        audit(settings.var / "logs"),
    )
    now = clock.from_setting(settings.clock) or clock.system
    app = application(
        served_endpoints(payments, secret_files.load(folder)), verifier, now, topic, settings.trusted
    )
    await server(app, settings.payments_port, lambda: topic.broken is not None).serve()
    if topic.broken is not None:
        raise KafkaException(topic.broken)


def run(settings: Settings) -> None:
    """Run the endpoint until SIGTERM. Start: phusa run endpoint."""
    asyncio.run(serve(settings))
