"""What a process can ask for itself until it is answered: Kafka, the database, its own HTTP port.

What only its inside knows (a subscription, partitions) is told there, by `readiness.tell`.
"""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING

from connectors import readiness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connectors.settings import Settings

LOOK_S = 0.1
ANSWER_S = 5.0
"""For one question; who does not answer is asked again."""


def start(own: Settings, needs: Iterable[str], port: int | None) -> None:
    """Ask for each of `needs` that can be asked for, in a thread that ends when all have answered."""
    asking = [name for name in needs if name in (readiness.KAFKA, readiness.STORE, readiness.HTTP)]
    if asking:
        threading.Thread(target=_ask, args=(own, asking, port), name="readiness", daemon=True).start()


def _ask(own: Settings, names: list[str], port: int | None) -> None:
    for name in names:
        answers = _question(own, name, port)
        while not answers():
            time.sleep(LOOK_S)
        readiness.tell(name)


def _question(own: Settings, name: str, port: int | None) -> Callable[[], bool]:
    if name == readiness.KAFKA:
        from connectors.kafka.probe import WriteProbe

        return WriteProbe(own.bootstrap).answers
    if name == readiness.STORE:
        return lambda: store_answers(own.dsn("writer"))
    if port is None:
        msg = f"{name}: a process without a port has nothing to answer on"
        raise ValueError(msg)
    return lambda: http_answers(port)


def store_answers(dsn: str) -> bool:
    """Whether the database lets us in and answers."""
    import psycopg

    try:
        with psycopg.connect(dsn, connect_timeout=round(ANSWER_S)) as db:
            return db.execute("select 1").fetchone() is not None
    except psycopg.Error:
        return False


def http_answers(port: int) -> bool:
    """Whether a server on the loopback answers in HTTP; what it says does not matter."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        asked.request("GET", "/ready")
        asked.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True
