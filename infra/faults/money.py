"""`phusa kill --payments N`: a market day told through the endpoint while endpoint, broker and flow are killed.

The verdict is exact: the ledger holds every payment once, by merchant to the đồng, and nothing that was forged.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import psycopg
from rich.console import Console

from connectors import clock
from connectors import commune as files
from connectors.kafka.lag import ends
from connectors.payments import secret_files
from infra.demo.storm import yesterday
from infra.faults.kill import PAUSE_S, PORTS_AWAY, kill
from infra.simulator import market_day
from infra.simulator.teller import Tally, Teller
from infra.stack.sandbox import Sandbox

if TYPE_CHECKING:
    from connectors.settings import Settings
    from infra.simulator.market_day import MarketDay

VICTIMS = ("endpoint", "kafka", "payments")
SETTLE_S = 300.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was told, what stands, and how far they differ (đồng)."""

    payments: int
    tellings: int
    retries: int
    seconds: float
    kills: dict[str, int]
    stored: int
    returns: int
    expected_vnd: int
    found_vnd: int
    wrong_merchants: dict[str, tuple[int, int]]
    forged_expected: int
    rejected: dict[str, int]
    excess: int

    @property
    def ok(self) -> bool:
        """To the đồng, for every merchant; forged calls may be kept less often than they came, but never booked."""
        exact = (
            not self.wrong_merchants and self.found_vnd == self.expected_vnd and self.stored == self.payments
        )
        return exact and self.excess == 0 and set(self.rejected) <= {"wrong_signature"}


def main(number: int, times: int, seed: int = 1) -> int:
    """Tell `number` payments, kill `times` times in turn; 0 when the ledger is the truth."""
    console = Console()
    sandbox = Sandbox("faults", PORTS_AWAY)
    sandbox.empty()
    try:
        sandbox.up()
        sandbox.set_clock("system")
        verdict = _trial(sandbox.settings, console, number, times, seed)
    finally:
        sandbox.down()
    path = sandbox.settings.var / "payments.json"
    path.write_text(json.dumps(asdict(verdict) | {"ok": verdict.ok}, indent=1), encoding="utf-8")
    console.print_json(path.read_text(encoding="utf-8"))
    console.print(
        "[bold green]ĐÚNG ĐẾN TỪNG ĐỒNG (to the đồng)[/]"
        if verdict.ok
        else "[bold red]SỔ SAI (the ledger is wrong)[/]"
    )
    return 0 if verdict.ok else 1


def _trial(own: Settings, console: Console, number: int, times: int, seed: int) -> Verdict:
    found = files.load(own.commune).payments
    if found is None:
        msg = "the commune has no payments"
        raise RuntimeError(msg)
    console.print(f"• dựng {number:,} khoản (making payments)")
    day = market_day.build(found, yesterday(clock.system()), seed, number)
    teller = Teller(own.payments_port, secret_files.load(own.secrets_dir), clock.system)
    done = threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(teller.tell(day.tellings))
        except BaseException as error:  # noqa: BLE001 # raised in the main thread, below
            failed.append(error)
        finally:
            done.set()

    start = time.monotonic()
    threading.Thread(target=work, name="teller", daemon=True).start()
    kills = _kill_in_turn(own, console, teller.tally, len(day.tellings), times, random.Random(seed), done)  # noqa: S311 (a plan)
    done.wait()
    if failed:
        raise failed[0]
    seconds = time.monotonic() - start
    _settle(own)
    return _judge(own, day, teller.tally, seconds, kills)


def _kill_in_turn(
    own: Settings,
    console: Console,
    tally: Tally,
    tellings: int,
    times: int,
    chance: random.Random,
    done: threading.Event,
) -> dict[str, int]:
    """Spread over the whole telling, each at a random moment of its part."""
    kills = dict.fromkeys(VICTIMS, 0)
    for number in range(times):
        at = (number + chance.random()) * tellings / times
        while tally.told < at and not done.wait(0.05):
            pass
        if done.is_set():
            break
        victim = VICTIMS[number % len(VICTIMS)]
        kill(own, victim)
        kills[victim] += 1
        console.print(
            f"  {number + 1}/{times} kill -9 {victim}, {tally.told:,}/{tellings:,}",
            style="dim",
            highlight=False,
        )
        time.sleep(PAUSE_S[0])
    return kills


def _settle(own: Settings) -> None:
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        last = sum(ends(own.bootstrap, ["payments"])["payments"].values())
        with psycopg.connect(own.dsn("writer")) as db:
            row = db.execute(
                "select coalesce(sum(next_offset), 0)::bigint from source_offset where flow = 'payments'"
            ).fetchone()
        if row is not None and row[0] >= last:
            return
        time.sleep(0.5)
    msg = f"not settled after {SETTLE_S:.0f} s"
    raise TimeoutError(msg)


def _judge(own: Settings, day: MarketDay, tally: Tally, seconds: float, kills: dict[str, int]) -> Verdict:
    truth = day.truth
    with psycopg.connect(own.dsn("writer")) as db:
        rows = db.execute(
            "select merchant, sum(net_vnd)::bigint, sum(excess)::bigint from ledger group by 1"
        ).fetchall()
        reasons = db.execute(
            "select reason, count(*) from rejected where topic = 'payments' group by 1"
        ).fetchall()
        counts = db.execute(
            "select (select count(*) from payment), (select count(*) from payment_return)"
        ).fetchone()
    found = {str(merchant): int(net) for merchant, net, _ in rows}
    wrong = {
        name: (truth.by_merchant.get(name, 0), found.get(name, 0))
        for name in sorted(set(truth.by_merchant) | set(found))
        if truth.by_merchant.get(name, 0) != found.get(name, 0)
    }
    stored, returns = counts or (0, 0)
    return Verdict(
        truth.payments, len(day.tellings), tally.retries, round(seconds, 1), kills, stored, returns,
        sum(truth.by_merchant.values()), sum(found.values()), wrong, truth.forged,
        {str(reason): int(n) for reason, n in reasons}, sum(int(one[2]) for one in rows),
    )  # fmt: skip
