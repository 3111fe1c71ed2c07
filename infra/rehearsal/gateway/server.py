"""The gateway's process: all services, the inbox, and what tests need (names that begin with _)."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import commune as files
from connectors import http
from infra.rehearsal.gateway import inbox
from infra.rehearsal.gateway.archive import Archive
from infra.rehearsal.gateway.faults import Chance, Faults
from infra.rehearsal.gateway.people import People
from infra.rehearsal.gateway.players import Players
from infra.rehearsal.gateway.receipts import Courier
from infra.rehearsal.gateway.service import Beside, Intake, Service, services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from connectors.settings import Settings
    from models.catalogue.channels import Channel


def application(settings: Settings) -> Starlette:
    """The app; its archive lies in VAR/gateway."""
    folder, commune = settings.secrets_dir, files.load(settings.commune)
    phones = http.phones(folder)
    archive, chance = Archive(settings.var / "gateway" / "messages.sqlite3"), Chance()
    made: dict[Channel, Service] = {}
    courier = Courier(made, archive, chance)
    intake = Intake(folder, archive, chance, courier.wake)
    people = People(made, phones)
    made.update({channel: service(settings, intake) for channel, service in services().items()})

    async def show(_request: Request) -> Response:
        return HTMLResponse(inbox.page(archive.all(), phones, commune, people.heard_by()))

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

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(courier.run())
        async with AsyncExitStack() as beside:
            for service in made.values():
                if isinstance(service, Beside):
                    await beside.enter_async_context(service.running())
            yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        archive.close()

    return Starlette(
        routes=[
            Route("/", show),
            *(route for service in made.values() for route in service.routes()),
            *Players(settings.var / "gateway" / "players", folder, commune, chance).routes(),
            Route("/_messages", messages, methods=["GET", "DELETE"]),
            Route("/_faults", faults, methods=["GET", "POST"]),
            people.route(),
        ],
        lifespan=lifespan,
    )


def run(settings: Settings) -> None:
    """Serve on the loopback until SIGTERM. Start: phusa run gateway."""
    uvicorn.run(application(settings), host="127.0.0.1", port=settings.gateway_port, log_level="warning")
