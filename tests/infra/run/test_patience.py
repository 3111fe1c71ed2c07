"""Slow is not dead: what lives is waited for and named, what has died ends the wait with its last words."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from connectors.readiness import State
from infra.run.stack import patience
from infra.run.stack.patience import Alive
from infra.run.stack.program import Program
from infra.run.stack.supervisor import ProgramState
from infra.run.stack.voice import StackError


@dataclass
class Watched:
    """A supervisor whose programs are what the test says, look by look."""

    looks: list[list[ProgramState]]
    seen: int = field(default=0)

    def state(self) -> list[ProgramState]:
        self.seen += 1
        assert self.seen < 1000, "it would wait for ever"
        return self.looks[min(self.seen, len(self.looks)) - 1]

    def tail(self, name: str) -> str:
        return f"{name}: its last line"

    def failed(self, name: str) -> StackError:
        return StackError(f"{name} đã dừng", f"{name} has died: its last line")


def running(state: str = "RUNNING", pid: int = 7) -> list[ProgramState]:
    return [ProgramState("gateway", state, pid)]


def program(path: Path) -> Program:
    return Program("gateway", ("run",), 20, path.parent, ready=path)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask at every look; nothing here waits for the clock."""
    monkeypatch.setattr(patience, "LOOK_S", 0.0)
    monkeypatch.setattr(patience, "ALIVE_S", 0.0)
    monkeypatch.setattr(patience, "SAY_S", 0.0)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(patience, "tell", lambda vi, en: words.append(f"{vi} / {en}"))
    return words


def test_a_process_that_lives_is_waited_for_and_what_it_waits_for_is_said(
    tmp_path: Path, said: list[str]
) -> None:
    path = tmp_path / "gateway.ready"
    looks = itertools.count()

    class Slow(Watched):
        def state(self) -> list[ProgramState]:
            number = next(looks)
            if number == 40:
                path.write_bytes(msgspec.json.encode(State(7, ["http"])))
            if number == 80:
                path.write_bytes(msgspec.json.encode(State(7, [])))
            return running()

    patience.stand(Slow([running()]), [program(path)])  # type: ignore[arg-type]

    assert any("it has started (gateway)" in one for one in said)
    assert any("cổng HTTP trả lời (gateway) / " in one for one in said)


THRICE = [
    *(running("BACKOFF", 0), running("RUNNING", 8), running("EXITED", 0), running("RUNNING", 9)),
    running("STARTING", 10),
]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param([one for one in THRICE for _ in range(2)], id="it ended three times"),
        pytest.param([running("FATAL", 0)], id="it was given up"),
        pytest.param([[]], id="the supervisor is gone"),
    ],
)
@pytest.mark.usefixtures("said")
def test_a_process_that_will_not_come_up_ends_the_wait_with_its_last_words(
    tmp_path: Path, later: list[list[ProgramState]]
) -> None:
    watched = Watched([running(), running(), running(), *later])

    with pytest.raises(StackError, match="gateway has died: its last line"):
        patience.stand(watched, [program(tmp_path / "gateway.ready")])  # type: ignore[arg-type]


def test_a_process_that_ended_twice_while_it_came_up_is_waited_for_and_named(said: list[str]) -> None:
    """What ended it may pass: on a machine whose Kafka stalled one process of fifteen ended, and with it the demo."""
    looks = [running(), *THRICE[:4]]
    alive = Alive(Watched(looks), ["gateway"], patience.MORE_STARTS)  # type: ignore[arg-type]

    for _ in looks:
        alive.check()

    assert sum("gateway ended while it came up and was begun anew" in one for one in said) == 2


def test_one_that_was_ready_and_ended_is_waited_for_too(tmp_path: Path, said: list[str]) -> None:
    """The other is ready while it is begun anew: the stack does not stand before it is ready again."""
    first, other = tmp_path / "gateway.ready", tmp_path / "page.ready"
    first.write_bytes(msgspec.json.encode(State(7, [])))
    looks = itertools.count()

    class Two(Watched):
        def state(self) -> list[ProgramState]:
            number = next(looks)
            assert number < 1000, "it would wait for ever"
            if number == 10:
                other.write_bytes(msgspec.json.encode(State(5, [])))
            if number == 60:
                first.write_bytes(msgspec.json.encode(State(8, [])))
            gateway = (
                running() if number < 8 else running("BACKOFF", 0) if number < 40 else running("RUNNING", 8)
            )
            return [*gateway, ProgramState("page", "RUNNING", 5)]

    page = Program("page", ("run",), 20, tmp_path, ready=other)
    patience.stand(Two([]), [program(first), page])  # type: ignore[arg-type]

    assert next(looks) > 60
    assert any("gateway ended while it came up" in one for one in said)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(running("BACKOFF", 0), id="it ended at once and is tried again"),
        pytest.param(running("EXITED", 0), id="it ended"),
        pytest.param(running("RUNNING", 8), id="it ended and was begun anew between two looks"),
    ],
)
def test_a_server_that_has_ended_once_is_waited_for_no_more(later: list[ProgramState]) -> None:
    alive = Alive(Watched([running(), later]), ["gateway"])  # type: ignore[arg-type]
    alive.check()

    with pytest.raises(StackError, match="gateway has died: its last line"):
        alive.check()


def test_a_file_of_the_process_before_is_not_taken_for_ready(tmp_path: Path) -> None:
    path = tmp_path / "gateway.ready"
    path.write_bytes(msgspec.json.encode(State(6, [])))

    assert patience.waiting(program(path), 7) is None
    path.write_bytes(msgspec.json.encode(State(7, [])))
    assert patience.waiting(program(path), 7) == []


def test_a_need_is_said_once_with_all_who_wait_for_it() -> None:
    vi, en = patience.sentence({"bridge": ["mqtt", "kafka"], "capture": ["kafka"], "alerts": None})

    assert en == (
        "MQTT acknowledges the subscription (bridge); Kafka takes records (bridge, capture); it has started (alerts)"
    )
    assert "Kafka nhận ghi (bridge, capture)" in vi


def test_who_runs_on_under_his_number_is_alive() -> None:
    alive = Alive(Watched([running("STARTING", os.getpid()), running("RUNNING", os.getpid())]), ["gateway"])  # type: ignore[arg-type]
    alive.check()
    alive.check()
