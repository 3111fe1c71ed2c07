"""The screens on years of a whole commune: each question below 300 ms at the 95th of a hundred, or the bench fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
import psycopg
from psycopg import sql
from rich.table import Table

from connectors import commune
from connectors.settings import ROOT
from infra.lab.bench import panels, years
from infra.lab.bench.result import bounded
from infra.run.migrations.runner import migrate
from infra.run.stack import patience, servers
from infra.run.stack.passwords import passwords
from infra.run.stack.place import place
from infra.run.stack.supervisor import Supervisor

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from connectors.settings import Settings
    from infra.lab.bench.panels import Question, Timed
    from infra.lab.bench.result import Result

DATABASE = "phusa_years"
FOLDER = ROOT / "dashboards" / "json"
DAYS_A_YEAR = 365
YEARS = 3.0
QUICK_DAYS = 3
SEED = 1


def database(own: Settings) -> str:
    """Start the sandbox's database alone; the administrator's DSN on an empty, migrated store for the years."""
    home = place(own)
    home.make(own.secrets_dir)
    secrets = passwords(own.secrets_dir)
    supervisor = Supervisor(home)
    if not any(one.program == "timescaledb" and one.pid for one in supervisor.state()):
        supervisor.apply(servers.native(own, ["timescaledb"]))
        supervisor.start("timescaledb", wait=False)
    server = next(server for server in servers.servers(own) if server.name == "timescaledb")
    servers.wait(server, patience.Alive(supervisor, ["timescaledb"]).check)
    name = sql.Identifier(DATABASE)
    with psycopg.connect(servers.server_dsn(own), autocommit=True) as db:
        db.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        db.execute(sql.SQL("create database {}").format(name))
    admin = psycopg.conninfo.make_conninfo(servers.server_dsn(own), dbname=DATABASE)
    migrate(admin, secrets)
    return admin


def screens(own: Settings, days: int, console: Console, folder: Path = FOLDER) -> list[Result]:
    """Fill `days` of the whole commune, ask all questions of the dashboards in `folder`, show and keep the table."""
    admin = database(own)
    start = time.perf_counter()
    took = years.fill(admin, years.whole(commune.load(own.commune)), days, SEED, console)
    seconds = time.perf_counter() - start
    rows = years.counts(admin)
    words = ", ".join(f"{name} {number:,}" for name, number in rows.items())
    console.print(
        f"  {days} ngày (days), {sum(rows.values()):,} dòng (rows), {seconds:,.0f} s: {words}",
        style="dim",
        highlight=False,
    )
    reader = psycopg.conninfo.make_conninfo(
        admin, user="phusa_reader", password=passwords(own.secrets_dir)["reader"]
    )
    asked = list(panels.questions(folder, years.END))
    found = ask(reader, asked, console)
    show(found, days, console)
    kept = {"days": days, "seed": SEED, "fill_s": took, "rows": rows, "questions": found}
    (own.var / "screens.json").write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1))
    console.print(f"{own.var / 'screens.json'}", soft_wrap=True, highlight=False)
    return results(found)


def ask(reader: str, asked: list[Question], console: Console) -> list[Timed]:
    """All questions; what is too slow or fails is told at once."""

    def tell(timed: Timed) -> None:
        if not timed.reached:
            why = timed.error or f"{timed.p95_ms:.0f} ms"
            console.print(
                f"  CHẬM HOẶC HỎNG (slow or broken): {timed.screen}, {timed.what}: {why}",
                highlight=False,
                markup=False,
            )

    return panels.measure(reader, asked, tell)


def show(found: list[Timed], days: int, console: Console) -> None:
    """The table, the slowest first within each screen."""
    table = Table(
        title=f"Màn hình trên {days} ngày số liệu của cả xã (screens on {days} days of the whole commune)"
    )
    for column in ("màn hình", "câu hỏi", "p50, ms", "p95, ms", "trên lõi (cpu), ms", "dòng", "kB", "đạt"):
        table.add_column(column, justify="left" if column in {"màn hình", "câu hỏi", "đạt"} else "right")
    for timed in sorted(found, key=lambda timed: (timed.screen, -timed.p95_ms)):
        table.add_row(
            timed.screen, timed.what, f"{timed.p50_ms:,.1f}", f"{timed.p95_ms:,.1f}", "-" if timed.cpu_ms is None else f"{timed.cpu_ms:,.1f}",
            f"{timed.rows:,}", f"{timed.size / 1024:,.1f}", "có" if timed.reached else "[bold red]KHÔNG",
        )  # fmt: skip
    console.print(table)


def results(found: list[Timed]) -> list[Result]:
    """One line of `make bench` a screen: its slowest question; one that gave no answer counts as one that never came."""
    slowest: dict[str, float] = {}
    for timed in found:
        slowest[timed.screen] = max(
            slowest.get(timed.screen, 0.0), panels.GIVEN_UP_S * 1000 if timed.error else timed.p95_ms
        )
    return [
        bounded(
            f"màn hình {name}, câu hỏi chậm nhất, p95 (screen, slowest question)",
            "ms",
            [value],
            panels.MOST_MS,
        )
        for name, value in sorted(slowest.items())
    ]
