"""Answers of gateways are written together, and nobody who waits for one is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from connectors.timescale import outbox
from connectors.timescale.answered import AnswerWriter


class Pool:
    @asynccontextmanager
    async def connection(self) -> AsyncIterator[None]:
        yield None


class Store:
    """Each transaction waits until the test lets it go."""

    def __init__(self) -> None:
        self.written: list[list[Any]] = []
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()

    async def finish(self, _db: object, answered: Sequence[Any]) -> None:
        self.begun.set()
        await self.let_go.wait()
        self.written.append(list(answered))


def test_answers_that_come_while_one_is_written_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[list[Any]]:
        store, writer = Store(), AnswerWriter(Pool())  # type: ignore[arg-type]
        monkeypatch.setattr(outbox, "finish", store.finish)
        running = asyncio.create_task(writer.run())
        first = asyncio.create_task(writer.store("first"))  # type: ignore[arg-type]
        await store.begun.wait()
        others = [asyncio.create_task(writer.store(n)) for n in range(50)]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        store.let_go.set()
        await asyncio.gather(first, *others)
        running.cancel()
        return store.written

    assert asyncio.run(story()) == [["first"], list(range(50))]


def test_a_store_that_fails_ends_the_writer_with_its_error_and_whoever_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone(Exception):
        pass

    async def fails(_db: object, _answered: object) -> None:
        raise Gone

    async def story() -> None:
        writer = AnswerWriter(Pool())  # type: ignore[arg-type]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(writer.run())
            tasks.create_task(writer.store("one"))  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "finish", fails)
    with pytest.raises(ExceptionGroup) as found:
        asyncio.run(story())
    assert found.group_contains(Gone)
