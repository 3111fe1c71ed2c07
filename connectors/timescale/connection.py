"""A writer's connection that comes back when the server does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import psycopg
import stamina

T = TypeVar("T")

PATIENCE_S = 30.0
"""How long a write waits for a server that is away; then the flow stops and is started anew."""
LOST = (psycopg.OperationalError, psycopg.InterfaceError)


class StoreError(RuntimeError):
    """The database could not be written for PATIENCE_S; nothing of the batch is lost, Kafka has it."""


class Store:
    """One connection; `transaction(work)` repeats the whole of `work` after a lost connection."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection | None = None

    def transaction(self, work: Callable[[psycopg.Connection], T]) -> T:
        """Run `work` in one transaction.

        After a lost connection nobody knows whether the commit went through, so `work` must read
        the offsets row first and leave out what is already there.
        """
        try:
            for attempt in stamina.retry_context(on=LOST, attempts=None, timeout=PATIENCE_S, wait_max=2.0):
                with attempt:
                    return self._once(work)
        except LOST as error:
            msg = f"database away for {PATIENCE_S:.0f} s: {error}"
            raise StoreError(msg) from error
        msg = "unreachable: stamina either returns or raises"
        raise AssertionError(msg)

    def _once(self, work: Callable[[psycopg.Connection], T]) -> T:
        try:
            connection = self._open()
            with connection.transaction():
                return work(connection)
        except LOST:
            self.close()
            raise

    def _open(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._dsn, autocommit=True)
        return self._connection

    def close(self) -> None:
        """Close the connection; the next transaction opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
