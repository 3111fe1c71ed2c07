"""The payments of the storm day: told to the endpoint while the day runs, and the ledger held against the truth."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from connectors import clock
from connectors.payments import secret_files
from infra.rehearsal.demo.accounting import Gap
from infra.rehearsal.simulator import market_day
from infra.rehearsal.simulator.teller import CallSender, Tally
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    import psycopg

    from connectors.settings import Settings
    from infra.rehearsal.demo.streams import Ends
    from infra.rehearsal.simulator.market_day import MarketDay, MoneyTruth
    from models.commune.configuration import Commune

NUMBER = 3000
"""Payments of the day: 1.5 a year and head would be 35 a day; this is what the targets would bring, many times over."""
LATEST = datetime.max.replace(tzinfo=UTC)


class Money(msgspec.Struct, frozen=True):
    """What the ledger says, as the truth says it; amounts in đồng, net of what went back."""

    payments: int
    returns: int
    by_merchant: dict[str, int]
    by_hour: dict[int, int]
    by_hamlet: dict[str, int]
    shares: list[tuple[str, str, int, int, float]]
    """Vietnamese, English, part, whole, target."""


class Cashier:
    """Tells the day's payments in a thread of its own."""

    def __init__(self, commune: Commune, start: datetime, seed: int, number: int = NUMBER) -> None:
        found = commune.payments
        self.day: MarketDay | None = None if found is None else market_day.build(found, start, seed, number)
        self.tally = Tally()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._over = threading.Event()

    def day_is_over(self) -> None:
        """The day's clock stands at its end: what providers tell hours later is told now."""
        self._over.set()

    @property
    def due(self) -> list[datetime]:
        """When each call is due, in order."""
        return [] if self.day is None else [call.send_at for call in self.day.calls]

    def told(self) -> int:
        """Calls that have an answer by now; raises what stopped the sender."""
        self.end()
        return self.tally.sent

    def begin(self, own: Settings, due: clock.Now) -> None:
        """Tell each payment at its time of the simulated clock, and what is told after the day at its `day_is_over`."""
        if self.day is None:
            return
        day = self.day
        sender = CallSender(own.payments_port, secret_files.load(own.secrets_dir), clock.system)
        self.tally = sender.tally

        def by_now() -> datetime:
            return LATEST if self._over.is_set() else due()

        def work() -> None:
            try:
                asyncio.run(sender.send(day.calls, by_now))
            except BaseException as error:  # noqa: BLE001 # raised by `end`, in the main thread
                self._error = error

        self._thread = threading.Thread(target=work, name="sender", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Everything was told and answered."""
        return self._thread is None or not self._thread.is_alive()

    def end(self) -> None:
        """Raise what stopped the sender."""
        if self._error is not None:
            raise self._error

    def gaps(self, found: list[Ends], money: Money) -> list[Gap]:
        """The ledger is the truth to the đồng, and every forged call is refused by name."""
        if self.day is None:
            return []
        truth = self.day.truth
        (ends,) = [ends for ends in found if ends.topic == "payments"]
        forged = ends.rejected.get(str(Reason.WRONG_SIGNATURE), 0)
        gaps = _differ(truth, money)
        # One that was told again for want of an answer may be kept twice: nothing of it is signed, so nobody can know it.
        most = truth.forged + self.tally.retries
        if sum(ends.rejected.values()) != forged or not truth.forged <= forged <= most:
            gaps.append(Gap(f"lời báo giả: đúng ra {truth.forged}, thấy {ends.rejected}",
                            f"forged calls: expected {truth.forged}, found {ends.rejected}"))  # fmt: skip
        return gaps


def _differ(truth: MoneyTruth, money: Money) -> list[Gap]:
    # Not by the hour: Viettel tells no time of payment, its hour is when we heard.
    pairs: list[tuple[str, str, Any, Any]] = [
        ("số khoản", "payments", truth.payments, money.payments),
        ("số lần hoàn", "returns", truth.returns, money.returns),
        ("tiền theo nơi thu", "đồng by merchant", truth.by_merchant, money.by_merchant),
    ]
    return [
        Gap(f"sổ cái, {vi}: đúng ra {right}, thấy {found}", f"ledger, {en}: expected {right}, found {found}")
        for vi, en, right, found in pairs
        if right != found
    ]


def money(db: psycopg.Connection[dict[str, Any]]) -> Money:
    """Ask the ledger."""

    def sums(what: str) -> dict[Any, int]:
        rows = db.execute(f"SELECT {what} AS k, sum(net_vnd)::bigint AS n FROM ledger GROUP BY 1 ORDER BY 1")
        return {row["k"]: row["n"] for row in rows}

    counts = db.execute(
        "SELECT (SELECT count(*) FROM payment) AS p, (SELECT count(*) FROM payment_return) AS r"
    ).fetchone()
    shares = db.execute(
        "SELECT vi, en, part, whole, target FROM cashless('-infinity', 'infinity')"
    ).fetchall()
    return Money(
        0 if counts is None else counts["p"],
        0 if counts is None else counts["r"],
        sums("merchant"),
        sums("extract(hour from at at time zone 'Asia/Ho_Chi_Minh')::int"),
        sums("hamlet"),
        [(share["vi"], share["en"], share["part"], share["whole"], share["target"]) for share in shares],
    )
