"""Who has ended is begun anew and goes on: that is said, and only who will not come back ends the day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.rehearsal.demo.supervised import MOST_ENDS, Supervised
from infra.run.stack.supervisor import ProgramState
from infra.run.stack.voice import StackError


class Watched:
    """A supervisor whose one program is what the test says, look by look."""

    def __init__(self, *looks: tuple[str, int] | None) -> None:
        self._looks = list(looks)

    def state(self) -> list[ProgramState]:
        look = self._looks.pop(0)
        return [] if look is None else [ProgramState("telemetry", *look)]

    def tail(self, name: str) -> str:
        return f"the last line of {name}"

    def failed(self, name: str) -> StackError:
        return StackError(f"{name} không chạy được", f"{name} does not run")


def watch(*looks: tuple[str, int] | None) -> tuple[Supervised, list[str]]:
    said: list[str] = []
    supervised = Supervised(Watched(*looks), ["telemetry"], lambda vi, en: said.append(f"{vi} / {en}"))  # type: ignore[arg-type]
    for _ in looks:
        supervised.check()
    return supervised, said


def test_who_runs_on_is_not_spoken_of() -> None:
    _, said = watch(("STARTING", 7), ("RUNNING", 7), ("RUNNING", 7))

    assert said == []


@pytest.mark.parametrize(
    "between",
    [
        pytest.param([], id="between two looks"),
        pytest.param([("EXITED", 0)], id="seen ended"),
        pytest.param([("BACKOFF", 0), ("STARTING", 8)], id="seen waiting and starting"),
    ],
)
def test_who_ended_and_was_begun_anew_goes_on_and_is_named_with_his_last_words(
    between: list[tuple[str, int]],
) -> None:
    _, said = watch(("RUNNING", 7), *between, ("RUNNING", 8), ("RUNNING", 8))

    assert len(said) == 1
    assert "the last line of telemetry" in said[0]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(("FATAL", 0), id="given up"),
        pytest.param(("STOPPED", 0), id="stopped by somebody"),
        pytest.param(None, id="the supervisor is gone"),
    ],
)
def test_who_will_not_come_back_ends_the_day(later: tuple[str, int] | None) -> None:
    with pytest.raises(StackError, match="telemetry does not run"):
        watch(("RUNNING", 7), later)


def test_who_ends_again_and_again_fails_of_himself() -> None:
    looks = [("RUNNING", pid) for pid in range(1, MOST_ENDS + 2)]

    with pytest.raises(StackError, match="telemetry does not run"):
        watch(*looks)
    _, said = watch(*looks[:-1])
    assert len(said) == MOST_ENDS - 1


def test_who_ended_in_an_earlier_step_has_gone_on_since() -> None:
    looks = [("RUNNING", pid) for pid in range(1, 2 * MOST_ENDS)]
    said: list[str] = []
    supervised = Supervised(Watched(*looks), ["telemetry"], lambda vi, _en: said.append(vi))  # type: ignore[arg-type]

    for _ in looks:
        supervised.check()
        supervised.step()

    assert len(said) == len(looks) - 1


def test_a_server_that_ended_ends_the_day_though_it_comes_back() -> None:
    class Server(Watched):
        def state(self) -> list[ProgramState]:
            return [replace(one, program="kafka") for one in super().state()]

    supervised = Supervised(Server(("RUNNING", 7), ("RUNNING", 8)), ["kafka"], lambda _vi, _en: None)  # type: ignore[arg-type]
    supervised.check()

    with pytest.raises(StackError, match="kafka does not run"):
        supervised.check()
