"""Who tells payments tells again what was not kept, and gives up a forged call only when it was refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.rehearsal.simulator import teller
from infra.rehearsal.simulator.market_day import CallKind, ProviderCall
from infra.rehearsal.simulator.providers import vnpay
from infra.rehearsal.simulator.teller import CallSender
from infra.rehearsal.simulator.webhooks import Transfer
from models.catalogue.providers import Provider
from models.payments.contract import Secret

AT = datetime(2026, 10, 14, tzinfo=UTC)
AWAY, BUSY = (503, b""), (429, b"")
NOT_KEPT, REFUSED = (200, b'{"RspCode":"99"}'), (200, b'{"RspCode":"97"}')
KEPT = (200, b"{%s}" % vnpay.SUCCESS[0])


def told(monkeypatch: pytest.MonkeyPatch, kind: CallKind, *answers: tuple[int, bytes]) -> teller.Tally:
    left = list(answers)

    async def call(_self: Any, _one: Any) -> tuple[int, bytes]:
        return left.pop(0)

    monkeypatch.setattr(teller._Connection, "call", call)
    monkeypatch.setattr(teller, "PAUSE_S", 0.0)
    sender = CallSender(1, {Provider.VNPAY: Secret("k" * 32)}, lambda: AT)
    one = ProviderCall(AT, Provider.VNPAY, Transfer(1, AT, 10_000, "TMN00001"), kind)
    tally = asyncio.run(sender.send([one]))
    assert left == []
    return tally


@pytest.mark.parametrize("answer", [AWAY, BUSY, NOT_KEPT], ids=["away", "busy", "not kept"])
@pytest.mark.parametrize(
    ("kind", "end", "said"), [(CallKind.FIRST, KEPT, "success"), (CallKind.FORGED, REFUSED, "refused")]
)
def test_what_was_not_kept_is_told_again_whoever_signed_it(
    monkeypatch: pytest.MonkeyPatch,
    kind: CallKind,
    end: tuple[int, bytes],
    said: str,
    answer: tuple[int, bytes],
) -> None:
    tally = told(monkeypatch, kind, answer, answer, end)

    assert (tally.retries, dict(tally.answered)) == (2, {said: 1})


def test_what_is_refused_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = told(monkeypatch, CallKind.FORGED, REFUSED)

    assert (tally.retries, dict(tally.answered)) == (0, {"refused": 1})
