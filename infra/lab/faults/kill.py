"""`phusa kill`: kill -9 each process again and again under load, while ladders climb and people answer; then account for everything."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, LiteralString

import httpx
import psycopg
from confluent_kafka import KafkaException
from rich.console import Console
from rich.table import Table

from connectors import clock
from connectors import commune as files
from connectors.settings import settings as place
from infra.lab.bench.live import pid, settled
from infra.lab.faults.answering import People
from infra.lab.faults.attended import Gap, Standing, gaps
from infra.lab.faults.configured import REPEAT_MIN, configure, take_answers
from infra.lab.faults.counted import counted, in_words
from infra.lab.faults.load import Load
from infra.lab.faults.standing import standing
from infra.lab.faults.verdict import Comparison, Expected, Kept, compare, expected, left_out, unaccounted
from infra.rehearsal.sandbox import Sandbox
from infra.rehearsal.simulator.station import Publisher
from models.catalogue.channels import CHANNELS

if TYPE_CHECKING:
    from connectors.settings import Settings
    from models.commune.configuration import Commune

PORTS_AWAY = 300
SPEED = 240.0
"""Simulated seconds per second: the load's waves cross all levels in 25 s."""
RATE = 200.0
VICTIMS = ("bridge", "telemetry", "places", "alerts", "delivery", "gateway", "kafka", "timescaledb")
"""Mosquitto is not among them: killed -9 it forgets what it took since its last autosave (infra/run/mosquitto.conf)."""
PAUSE_S = (1.0, 4.0)
SETTLE_S = 180.0
LADDER = timedelta(minutes=5 * REPEAT_MIN)
"""The platform's time in which the ladders of the last rise come to their end, while the load stays high."""
ATTENDED_S = 60.0
"""So long the ladders, and the answers under way, have to come to their end after the load's."""
LOOKED_AT_S = 3.0
"""A ladder looks each second, and an alert's way to it takes another."""
NAMED = 20
"""Gaps that are shown; the file has all."""


@dataclass(frozen=True, slots=True)
class KillReport:
    """What stood after all kills."""

    kills: dict[str, int]
    seconds: float
    sent: int
    readings: Comparison
    changes: Comparison
    notifications: Comparison
    messages: dict[str, int]
    """By channel, what its gateway delivered."""
    twice: dict[str, int]
    """By channel, messages above one for a key: none where the gateway knows our key; else what a crash may repeat is shown, not hidden."""
    doubts: int
    unsent: int
    """Notifications without an end."""
    stages: dict[str, int]
    """Of the notifications those that are no message of their own, by what merged or muted them."""
    unaccounted: int
    """Notifications that are neither a message, nor merged into one, nor muted by name."""
    attended: dict[str, int]
    """Of people and ladders, by the names of infra/lab/faults/counted.py."""
    gaps: list[Gap]
    """What is lost, twice or wrong of answers, ladders and events."""

    @property
    def ok(self) -> bool:
        """Everything exactly once."""
        exact = all(one.exactly_once for one in (self.readings, self.changes, self.notifications))
        once = not any(self.twice[code] for code, row in CHANNELS.items() if row.knows_key)
        return exact and once and self.unsent == self.unaccounted == 0 and not self.gaps


def main(times: int = 10, seed: int = 1) -> int:
    """Kill each victim `times` times at random moments; 0 when all is there exactly once."""
    console = Console()
    source = place().commune
    own = place().var / "faults" / "commune"
    sandbox = Sandbox("faults", PORTS_AWAY, receipt_wait_s=5.0, grafana_native=False, commune=own)
    sandbox.empty()
    configure(source, own)
    try:
        sandbox.up()
        take_answers(sandbox.settings)
        now = datetime.now(UTC)
        sandbox.set_clock(f"scaled:{now.isoformat()},{now.isoformat()},{SPEED:g}")
        outcome = _trial(sandbox.settings, console, times, seed)
    finally:
        sandbox.down()
    _show(outcome, console)
    path = sandbox.settings.var / "results.json"
    path.write_text(json.dumps(asdict(outcome) | {"ok": outcome.ok}, indent=1), encoding="utf-8")
    console.print(str(path), soft_wrap=True, highlight=False)
    return 0 if outcome.ok else 1


def _trial(settings: Settings, console: Console, times: int, seed: int) -> KillReport:
    chance = random.Random(seed)  # noqa: S311 (a plan, no secret)
    commune = files.load(settings.commune)
    now = clock.from_setting(settings.clock) or clock.system
    plan = [victim for victim in VICTIMS for _ in range(times)]
    chance.shuffle(plan)
    kills = dict.fromkeys(VICTIMS, 0)
    people = People(settings.gateway_url, seed)
    start = time.monotonic()
    with Publisher.of(settings, "phusa-faults") as publisher:
        load = Load(commune, publisher, now, RATE)
        load.start()
        people.start()
        for number, victim in enumerate(plan):
            time.sleep(chance.uniform(*PAUSE_S))
            kill(settings, victim)
            kills[victim] += 1
            console.print(f"  {number + 1}/{len(plan)} kill -9 {victim}", style="dim", highlight=False)
        people.stop()
        console.print("• dâng lần cuối, không ai trả lời (a last rise that nobody answers)")
        high = load.hold()
        while now() < high + LADDER:
            time.sleep(PAUSE_S[0])
        load.stop()
    console.print("• chờ mọi thứ ngã ngũ (waiting until all is settled)")
    _settle(settings)
    stands, found = _attended(settings, commune, people, now)
    # News of what the ladders' waiting has brought.
    _settle(settings)
    spent_s = time.monotonic() - start
    wanted = expected(commune, load.sent)
    return _judge(
        settings, wanted, left_out(commune), kills, len(load.sent), spent_s, (counted(people, stands), found)
    )


def _attended(
    settings: Settings, commune: Commune, people: People, now: clock.Now
) -> tuple[Standing, list[Gap]]:
    """What stands of people and ladders, and the gaps: those that are left when it has had its time."""
    until = time.monotonic() + ATTENDED_S
    while True:
        # What was due when we began to look: the clock runs on, and so do the ladders.
        stands = standing(settings, commune, now() - timedelta(seconds=SPEED * LOOKED_AT_S))
        found = gaps(people.accepted, stands)
        if not found or time.monotonic() > until:
            return stands, found
        time.sleep(PAUSE_S[0])


def kill(settings: Settings, victim: str) -> None:
    """Wait until the victim runs, then end it without a word; children of PostgreSQL see it and end too."""
    until = time.monotonic() + 60
    while True:
        try:
            os.kill(pid(settings, victim), signal.SIGKILL)
        except (LookupError, ProcessLookupError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _settle(settings: Settings) -> None:
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        try:
            if settled(settings):
                return
        except (psycopg.OperationalError, KafkaException, OSError):
            # The last kill was a server's, which still loads.
            time.sleep(0.5)
        time.sleep(0.5)
    msg = f"not settled after {SETTLE_S:.0f} s: phusa status"
    raise TimeoutError(msg)


def _judge(
    settings: Settings,
    wanted: Expected,
    rules_out: set[str],
    kills: dict[str, int],
    sent: int,
    seconds: float,
    attended: tuple[dict[str, int], list[Gap]],
) -> KillReport:
    with psycopg.connect(settings.dsn("writer")) as db:
        rows = db.execute(
            "select station, parameter, extract(epoch from at)::float8 from observation"
        ).fetchall()
        changes = db.execute(
            "select c.alert, c.seq from alert_change c join alert a using (alert) where a.rule <> all(%s)",
            (list(rules_out),),
        )
        found = [(str(alert), int(seq)) for alert, seq in changes]
        doubts = _count(db, "select count(*) from attempt where answer = 'doubt'")
        told = db.execute(
            "select n.id from notification n join alert a using (alert) where n.step is null and a.rule <> all(%s)",
            (list(rules_out),),
        ).fetchall()
        unsent = _count(db, "select count(*) from notification where state in ('pending', 'sending')")
        kept = [Kept(*row) for row in db.execute("select id, state, stage, merged_into from notification")]
    messages = httpx.get(f"{settings.gateway_url}/_messages").json()
    keys = {
        str(channel): [message["key"] for message in messages if message["channel"] == channel]
        for channel in CHANNELS
    }
    return KillReport(
        kills,
        round(seconds, 1),
        sent,
        compare(wanted.readings, [(str(a), str(b), round(float(c), 6)) for a, b, c in rows]),
        compare(wanted.changes, found),
        compare(wanted.notifications, [str(one) for (one,) in told]),
        {channel: len(found) for channel, found in keys.items()},
        {channel: len(found) - len(set(found)) for channel, found in keys.items()},
        doubts,
        unsent,
        dict(Counter(one.stage for one in kept if one.stage is not None)),
        len(unaccounted(kept)),
        *attended,
    )


def _count(db: psycopg.Connection, query: LiteralString) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0


def _show(outcome: KillReport, console: Console) -> None:
    table = Table(
        title=f"{sum(outcome.kills.values())} kill -9, {outcome.sent} bản tin (readings), {outcome.seconds} s"
    )
    for column in ("", "mong đợi (expected)", "thiếu (missing)", "lặp (twice)", "thừa (unexpected)"):
        table.add_column(column)
    for name, one in (
        ("bản tin (readings)", outcome.readings),
        ("cảnh báo (changes)", outcome.changes),
        ("tin báo (notifications)", outcome.notifications),
    ):
        table.add_row(name, str(one.expected), str(one.missing), str(one.repeated), str(one.unexpected))
    for stage, count in sorted(outcome.stages.items()):
        table.add_row(f"không thành tin riêng (no message): {stage}", str(count), "", "", "")
    table.add_row("không rõ vì sao (unaccounted)", str(outcome.unaccounted), "", "", "")
    for code, row in CHANNELS.items():
        doubts = "" if row.knows_key else f"{outcome.doubts} nghi ngờ (doubts)"
        table.add_row(row.vi, str(outcome.messages[code]), "", str(outcome.twice[code]), doubts)
    console.print(table)
    console.print(in_words(outcome.attended), highlight=False)
    for gap in outcome.gaps[:NAMED]:
        console.print(f"  {gap.fault}: {gap.of}", style="red", highlight=False, markup=False)
    if len(outcome.gaps) > NAMED:
        console.print(f"  … {len(outcome.gaps)}", style="red")
    console.print(
        "[bold green]ĐÚNG MỘT LẦN (exactly once)[/]"
        if outcome.ok
        else "[bold red]KHÔNG ĐẠT (not exactly once)[/]"
    )
