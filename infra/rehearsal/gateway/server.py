"""The gateway's process: both services, the inbox, and what tests need (names that begin with _)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import commune as files
from connectors import http
from connectors.sms.esms import PATH as ESMS_PATH
from connectors.zalo.client import PATH as ZALO_PATH
from connectors.zalo.token import PATH as TOKEN_PATH
from infra.rehearsal.gateway import inbox
from infra.rehearsal.gateway.archive import Archive
from infra.rehearsal.gateway.faults import Chance, Faults
from infra.rehearsal.gateway.receipts import Courier
from infra.rehearsal.gateway.services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from connectors.settings import Settings


def application(settings: Settings) -> Starlette:
    """The app; its archive lies in VAR/gateway."""
    folder, commune = settings.secrets_dir, files.load(settings.commune)
    phones = {str(name): str(phone) for name, phone in http.secret(folder / "contacts.json").items()}
    archive, chance = Archive(settings.var / "gateway" / "messages.sqlite3"), Chance()
    webhook = f"http://127.0.0.1:{settings.receipts_port}/receipts/zalo"
    courier = Courier(folder, webhook, archive, chance)
    services = Services(folder, archive, chance, courier.wake)

    async def show(_request: Request) -> Response:
        return HTMLResponse(inbox.page(archive.all(), phones, commune))

    async def messages(request: Request) -> Response:
        if request.method == "DELETE":
            archive.forget()
            return Response(status_code=204)
        return JSONResponse(inbox.messages(archive.all(), phones))

    async def faults(request: Request) -> Response:
        if request.method == "POST":
            try:
                chance.faults = msgspec.json.decode(await request.body(), type=Faults)
            except msgspec.MsgspecError as error:
                return PlainTextResponse(str(error), 400)
        return JSONResponse(msgspec.to_builtins(chance.faults))

    async def revoke(_request: Request) -> Response:
        services.revoke()
        return Response(status_code=204)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(courier.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        archive.close()

    return Starlette(
        routes=[
            Route("/", show),
            Route(ESMS_PATH, services.esms, methods=["POST"]),
            Route(ZALO_PATH, services.zalo, methods=["POST"]),
            Route(TOKEN_PATH, services.token, methods=["POST"]),
            Route("/_messages", messages, methods=["GET", "DELETE"]),
            Route("/_faults", faults, methods=["GET", "POST"]),
            Route("/_revoke", revoke, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


def run(settings: Settings) -> None:
    """Serve on the loopback until SIGTERM. Start: phusa run gateway."""
    uvicorn.run(application(settings), host="127.0.0.1", port=settings.gateway_port, log_level="warning")
