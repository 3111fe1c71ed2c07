"""The local gateway in a thread of the test, with its own folder, commune and port."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from connectors import commune as files
from connectors.settings import Settings
from infra.rehearsal.gateway.server import application
from infra.run.stack import credentials
from infra.run.stack.ports import is_free

HANG_S = 600.0
"""Who has not answered a call by then hangs; no measure of speed."""


def own_settings(folder: Path) -> Settings:
    """A copy in `folder` on 20 free ports, with secrets; its commune is the example."""
    settings = Settings(var=folder, port_base=_free_base())
    credentials.provision(settings, files.load(settings.commune))
    return settings


def beside(stack: Settings, folder: Path, admin: str) -> Settings:
    """A copy in `folder` on 20 free ports and on the store of `admin`, with the stack's Kafka and secrets.

    Whatever runs on the stack neither holds its locks nor shares its tables.
    """
    credentials.provision(stack, files.load(stack.commune))
    own = {"var": folder, "secrets": stack.secrets_dir, "port_base": _free_base(), "database": admin}
    return stack.model_copy(update=own | {"kafka": stack.bootstrap})


def _free_base() -> int:
    """Twenty ports that are free, below those that the system lends to outgoing connections (32768 and up)."""
    while True:
        base = secrets.choice(range(10_000, 18_900, 20))
        if all(is_free(port) for port in range(base, base + 20)):
            return base


@contextmanager
def serving(app: Starlette, port: int) -> Iterator[str]:
    """The app on a real socket; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started, alive=thread.is_alive)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def gateway(settings: Settings) -> Iterator[str]:
    """The local gateway."""
    with serving(application(settings), settings.gateway_port) as address:
        yield address


def faults(address: str, **wanted: Any) -> None:
    """Let things go wrong."""
    httpx.post(f"{address}/_faults", json=wanted, timeout=HANG_S).raise_for_status()


def messages(address: str) -> list[dict[str, Any]]:
    """What reached the phones."""
    found: list[dict[str, Any]] = httpx.get(f"{address}/_messages", timeout=HANG_S).json()
    return found


def eventually(question: Any, _patience: float | None = None, *, alive: Any = lambda: True) -> Any:
    """The first true answer to `question`, however slow the machine is.

    No patience of its own, whoever still names one: what hangs is ended by pytest's timeout, with its stack. `alive`
    says whether the answer can still come, e.g. whether a process lives.
    """
    while not (answer := question()):
        assert alive(), f"it has died, and this is not so: {question}"
        time.sleep(0.05)
    return answer
