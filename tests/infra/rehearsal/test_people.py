"""Who answers in the demo is asked for until his answer is in the store, however slow the services are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.commune import load
from connectors.settings import ROOT
from infra.rehearsal.demo import people
from infra.rehearsal.demo.people import ANSWER_AFTER, People

T0 = datetime(2026, 10, 14, tzinfo=UTC)
WHO = "head-phuoc-yen"
DUE = T0 + ANSWER_AFTER[WHO][3]


class Rows:
    """The store: one event of level 3, and the answers that have come."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def execute(self, question: str, _values: object) -> Rows:
        event = {"number": 4, "level": 3, "risen_at": T0, "contact": WHO, "code": 12}
        self.found = [{"key": one} for one in self.answers] if "from answer" in question else [event]
        return self

    def fetchall(self) -> list[dict[str, Any]]:
        return self.found


class Services:
    """Each call is answered by the next of `answers`: a status, or no answer at all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int | None) -> None:
        self.asked: list[dict[str, str]] = []
        self._answers = iter(answers)
        monkeypatch.setattr(people.httpx, "post", self._post)

    def _post(self, url: str, json: dict[str, str], timeout: float) -> httpx.Response:
        self.asked.append(json)
        answer = next(self._answers)
        if answer is None:
            msg = "timed out"
            raise httpx.ReadTimeout(msg)
        return httpx.Response(answer, request=httpx.Request("POST", url))


def follower(rows: Rows) -> People:
    return People(rows, "http://gateway", load(ROOT / "infra" / "commune"))  # type: ignore[arg-type]


def test_nobody_answers_before_his_time(monkeypatch: pytest.MonkeyPatch) -> None:
    services = Services(monkeypatch)

    assert follower(Rows()).behind(DUE - timedelta(seconds=1)) is None
    assert services.asked == []


@pytest.mark.parametrize("trouble", [503, 500, None], ids=["busy", "in trouble", "no answer"])
def test_a_service_that_is_too_slow_is_told_again_under_the_same_id(
    monkeypatch: pytest.MonkeyPatch, trouble: int | None
) -> None:
    rows, services = Rows(), Services(monkeypatch, trouble, 200)
    told = follower(rows)

    first, second = told.behind(DUE), told.behind(DUE)

    assert first is not None
    assert first[1] == "the simulated services take an answer"
    assert second is not None
    assert second[1] == "1 answers are not in the store"
    assert services.asked[0] == services.asked[1]
    rows.answers.append("in the store")
    assert told.behind(DUE) is None


def test_what_is_refused_is_a_mistake_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    Services(monkeypatch, 400)

    with pytest.raises(httpx.HTTPStatusError, match="400"):
        follower(Rows()).behind(DUE)
