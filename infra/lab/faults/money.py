"""`phusa kill --payments N`: payments are told while endpoint, broker and flow are killed -9.

Then the ledger is held against the truth, to the đồng for each merchant and state.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, LiteralString

import psycopg
from rich.console import Console
from rich.table import Table

from connectors import clock
from connectors import commune as files
from connectors.kafka.lag import ends
from connectors.payments import secret_files
from infra.lab.faults.kill import kill
from infra.lab.faults.truth import Difference, Expected, Line, Sums, differences
from infra.rehearsal.sandbox import Sandbox
from infra.rehearsal.simulator import market_day
from infra.rehearsal.simulator.teller import CallSender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.settings import Settings
    from infra.rehearsal.simulator.market_day import ProviderCall
    from models.payments.configuration import Payments

PORTS_AWAY = 400
PROCESSES = ("endpoint", "payments")
VICTIMS = ("endpoint", "kafka", "payments")
A_DAY = 20_000
"""Payments made at a time: more days, not more memory."""
STUCK_S = 180.0


@dataclass(frozen=True, slots=True)
class MoneyKillReport:
    """What stood after all kills; `told` are webhooks of every kind, `calls_a_second` includes all downtimes."""

    kills: dict[str, int]
    seconds: float
    told: int
    retries: int
    calls_a_second: int
    payments: int
    returns: int
    repeated: int
    forged: int
    refused: int
    """Calls that were answered with a refusal: the forged, no other."""
    in_kafka: int
    read: int
    duplicates: int
    """Records that the store knew already."""
    waiting: int
    """Returns without their payment."""
    bodies: int
    vnd: int
    """Paid, before what went back."""
    differences: list[Difference]

    @property
    def ok(self) -> bool:
        """To the đồng, every record with an end, every body kept once, nothing forged let in."""
        whole = self.read == self.in_kafka and self.waiting == 0
        kept = self.bodies == self.payments + self.returns
        return not self.differences and whole and kept and self.refused == self.forged


class Pouring:
    """Tells `number` payments in a thread of its own, day after day, as fast as they are answered."""

    def __init__(self, own: Settings, payments: Payments, number: int, seed: int) -> None:
        self._payments, self._number, self._seed = payments, number, seed
        self.expected = Expected(payments)
        self._sender = CallSender(own.payments_port, secret_files.load(own.secrets_dir), clock.system)
        self.tally = self._sender.tally
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="pouring", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            asyncio.run(self._sender.send(self._calls()))
        except BaseException as error:  # noqa: BLE001 # raised by `wait`, in the main thread
            self._error = error

    def _calls(self) -> Iterator[ProviderCall]:
        # Days that are over: no bank tells of tomorrow.
        last = clock.system().astimezone(clock.VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        for day, done in enumerate(range(0, self._number, A_DAY)):
            made = market_day.build(
                self._payments,
                _earlier(last, day),
                self._seed + day,
                min(A_DAY, self._number - done),
                first=market_day.FIRST_NUMBER + 2 * done,
            )
            yield from self.expected.told(made.calls)

    def wait(self, told: int | None = None) -> bool:
        """Until so many are told, or all; False when it was all. Raises what stopped it, TimeoutError when stuck."""
        seen, since = -1, time.monotonic()
        while self._thread.is_alive():
            if told is not None and self.tally.sent >= told:
                return True
            if self.tally.sent != seen:
                seen, since = self.tally.sent, time.monotonic()
            elif time.monotonic() - since > STUCK_S:
                msg = f"no call answered for {STUCK_S:.0f} s: phusa status"
                raise TimeoutError(msg)
            time.sleep(0.05)
        if self._error is not None:
            raise self._error
        return False


def _earlier(last: datetime, day: int) -> datetime:
    return last - timedelta(days=day + 1)


def main(number: int, times: int = 10, seed: int = 1) -> int:
    """Tell `number` payments, kill `times` times in all; 0 when the ledger is the truth, 2 without payments."""
    console = Console()
    sandbox = Sandbox("faults-payments", PORTS_AWAY, clock="system", grafana_native=False)
    payments = files.load(sandbox.settings.commune).payments
    if payments is None:
        console.print("Xã này không thu tiền: payments.yaml (this commune takes no payments)")
        return 2
    sandbox.empty()
    try:
        sandbox.up(PROCESSES)
        outcome = _trial(sandbox.settings, payments, console, (number, times, seed))
    finally:
        sandbox.down()
    _show(outcome, console)
    path = sandbox.settings.var / "results.json"
    path.write_text(json.dumps(asdict(outcome) | {"ok": outcome.ok}, indent=1), encoding="utf-8")
    console.print(str(path), soft_wrap=True, highlight=False)
    return 0 if outcome.ok else 1


def _trial(
    own: Settings, payments: Payments, console: Console, plan: tuple[int, int, int]
) -> MoneyKillReport:
    number, times, seed = plan
    victims = [VICTIMS[i % len(VICTIMS)] for i in range(times)]
    random.Random(seed).shuffle(victims)  # noqa: S311 (a plan, no secret)
    kills = dict.fromkeys(VICTIMS, 0)
    start = time.monotonic()
    pouring = Pouring(own, payments, number, seed)
    for i, victim in enumerate(victims):
        # By progress, not by the clock: every kill falls into the load, however fast it goes.
        if not pouring.wait(number * (i + 1) // (len(victims) + 1)):
            msg = "all was told before the last kill: more payments, or fewer kills"
            raise RuntimeError(msg)
        kill(own, victim)
        kills[victim] += 1
        console.print(
            f"  {i + 1}/{len(victims)} kill -9 {victim}, {pouring.tally.sent} đã báo (told)",
            style="dim",
            highlight=False,
        )
    pouring.wait()
    seconds = time.monotonic() - start
    console.print("• chờ sổ cái theo kịp (waiting until the ledger has caught up)")
    in_kafka = _settle(own)
    return _judge(own, pouring, kills, seconds, in_kafka)


def _settle(own: Settings) -> int:
    """Wait until every record is read, as long as there is progress; how many records there are."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < STUCK_S:
        try:
            wanted = sum(ends(own.bootstrap, ["payments"])["payments"].values())
            with psycopg.connect(own.dsn("writer")) as db:
                done = _count(
                    db, "select coalesce(sum(next_offset), 0) from source_offset where flow = 'payments'"
                )
        except (psycopg.OperationalError, OSError):
            done, wanted = seen, -1
        if done == wanted:
            return wanted
        if done != seen:
            seen, since = done, time.monotonic()
        time.sleep(0.5)
    msg = f"the ledger stands still at {seen} records: phusa status"
    raise TimeoutError(msg)


def _judge(
    own: Settings, pouring: Pouring, kills: dict[str, int], seconds: float, in_kafka: int
) -> MoneyKillReport:
    found: dict[Line, Sums] = {}
    with psycopg.connect(own.dsn("writer")) as db:
        rows = db.execute(
            "select merchant, state, count(*), sum(amount_vnd)::bigint, sum(returned_vnd)::bigint"
            " from ledger group by 1, 2"
        )
        for merchant, state, number, paid, returned in rows:
            found[str(merchant), str(state)] = int(number), int(paid), int(returned)
        read = _count(db, "select sum(read) from source_offset where flow = 'payments'")
        duplicates = _count(db, "select sum(duplicates) from source_offset where flow = 'payments'")
        waiting = _count(db, "select count(*) from waiting_return")
        bodies = _count(db, "select count(*) from payment_sealed")
    wanted, tally = pouring.expected, pouring.tally
    return MoneyKillReport(
        kills,
        round(seconds, 1),
        tally.sent,
        tally.retries,
        round(tally.sent / seconds),
        wanted.counts["payments"],
        wanted.counts["returns"],
        wanted.counts["again"],
        wanted.counts["forged"],
        tally.answered["refused"],
        in_kafka,
        read,
        duplicates,
        waiting,
        bodies,
        sum(paid for _, paid, _ in wanted.lines.values()),
        differences(wanted.lines, found),
    )


def _count(db: psycopg.Connection, query: LiteralString) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0


def _show(outcome: MoneyKillReport, console: Console) -> None:
    table = Table(
        title=f"{sum(outcome.kills.values())} kill -9, {outcome.told} lời báo (calls), {outcome.seconds} s"
    )
    for column in ("nơi thu (merchant)", "trạng thái (state)", "đúng ra (expected)", "thấy (found)"):
        table.add_column(column)
    for difference in outcome.differences:
        table.add_row(difference.merchant, difference.state, str(difference.expected), str(difference.found))
    if outcome.differences:
        console.print(table)
    console.print(
        f"{sum(outcome.kills.values())} kill -9; {outcome.told} lời báo (calls) / {outcome.seconds} s"
        f" = {outcome.calls_a_second}/s; {outcome.retries} lần gọi lại (retries)\n"
        f"{outcome.payments} khoản (payments), {outcome.vnd} đ, {outcome.returns} lần hoàn (returns);"
        f" {outcome.repeated} báo lặp (told again), {outcome.forged} giả (forged), {outcome.refused} bị từ chối (refused)\n"
        f"Kafka {outcome.in_kafka}, đọc (read) {outcome.read}, lặp (duplicates) {outcome.duplicates},"
        f" hoàn còn chờ (returns waiting) {outcome.waiting}, bản gốc niêm (bodies) {outcome.bodies}",
        highlight=False,
    )
    console.print(
        "[bold green]ĐÚNG TỪNG ĐỒNG (to the đồng)[/]"
        if outcome.ok
        else "[bold red]KHÔNG ĐẠT (not the truth)[/]"
    )
