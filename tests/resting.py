"""Processes of the tests' copy that rest while a test has one of its own in their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.settings import Settings
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor


@contextmanager
def resting(stack: Settings, *names: str) -> Iterator[None]:
    """Of these processes those that run stand still meanwhile: some are the only one of their kind, some share what a topic brings."""
    supervisor = Supervisor(place(stack))
    lives = supervisor.lives()
    ours = [name for name in names if lives.get(name, (False, 0))[0]]
    for name in ours:
        supervisor.stop(name)
    try:
        yield
    finally:
        for name in ours:
            supervisor.start(name)
