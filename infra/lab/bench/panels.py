"""How long each question of each screen takes: a panel's query, a variable's, a mark's, as Grafana asks it."""

from __future__ import annotations

import json
import math
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

MOST_MS = 300.0
"""What issue 14 asks of each panel at the 95th of a hundred."""
RUNS = 20
GIVEN_UP_S = 30.0
SLOW_S = 5.0
"""A question that takes so long is asked three times only: it has failed whatever the others say."""
POINTS = 1200
"""About as many as a graph on a wall screen is pixels wide."""
_NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)  # fmt: skip
_UNITS = {"m": 60, "h": 3600, "d": 86400}


class Question(msgspec.Struct, frozen=True):
    """One query of a screen; `what` is the panel's title and the query's letter, or the variable's name."""

    screen: str
    what: str
    sql: str


class Timed(msgspec.Struct, frozen=True):
    """How long a question took, of `runs` runs; rows and bytes of an answer; `error` in the server's words where it gave none.

    `cpu_ms`: median of the server's own time on a core, where its process can be seen: what a loaded machine does not change.
    """

    screen: str
    what: str
    p50_ms: float
    p95_ms: float
    cpu_ms: float | None
    rows: int
    size: int
    runs: int
    error: str = ""

    @property
    def reached(self) -> bool:
        """Answered, and fast enough."""
        return not self.error and self.p95_ms <= MOST_MS


def questions(folder: Path, now: datetime) -> Iterator[Question]:
    """Of each dashboard in `folder`, at its own window that ends at `now`, variables as they are when it opens."""
    for path in sorted(folder.glob("*.json")):
        screen = json.loads(path.read_text(encoding="utf-8"))
        span = _span(screen["time"]["from"])
        variables = screen.get("templating", {}).get("list", [])
        chosen = {variable["name"]: variable.get("allValue") or _current(variable) for variable in variables}

        def asked(
            text: str, step_s: int, since: datetime = now - span, chosen: dict[str, str] = chosen
        ) -> str:
            return expand(text, since, now, step_s, chosen)

        for variable in variables:
            if variable["type"] == "query":
                text = variable["query"] if isinstance(variable["query"], str) else variable["query"]["query"]
                yield Question(path.stem, f"${variable['name']}", asked(text, 60))
        for panel in screen["panels"]:
            for target in panel.get("targets", ()):
                step = max(_nice(span), _seconds(panel.get("interval") or "1s"))
                name = f"{panel['title']} {target['refId']}" if len(panel["targets"]) > 1 else panel["title"]
                yield Question(path.stem, name, asked(target["rawSql"], step))
        for one in screen.get("annotations", {}).get("list", ()):
            if one.get("rawQuery"):
                yield Question(path.stem, f"dấu (marks): {one['name']}", asked(one["rawQuery"], 60))


def _current(variable: dict[str, Any]) -> str:
    return str((variable.get("current") or {}).get("value", ""))


def _span(text: str) -> timedelta:
    """now-24h."""
    found = re.fullmatch(r"now-(\d+)([mhd])", text)
    if found is None:
        msg = f"a window that begins at {text!r}: expected now-<number><m|h|d>"
        raise ValueError(msg)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _seconds(text: str) -> int:
    found = re.fullmatch(r">?(\d+)([smhd])", text)
    return int(found[1]) * ({"s": 1} | _UNITS)[found[2]] if found else 1


def _nice(span: timedelta) -> int:
    wanted = span.total_seconds() / POINTS
    return next((one for one in _NICE_S if one >= wanted), _NICE_S[-1])


def expand(text: str, since: datetime, until: datetime, step_s: int, chosen: dict[str, str]) -> str:
    """Macros and variables as Grafana's PostgreSQL source writes them; `step_s` is its interval."""
    start, end = (f"'{one.isoformat()}'" for one in (since, until))
    text = re.sub(r"\$__timeFilter\(([^)]+)\)", rf"\1 BETWEEN {start} AND {end}", text)
    text = re.sub(
        r"\$__timeGroup(?:Alias)?\(([^,]+),\s*'?(\$__interval|\d+[smhd])'?[^)]*\)",
        lambda found: (
            f"floor(extract(epoch from {found[1]})/{_group(found[2], step_s)})*{_group(found[2], step_s)}"
        ),
        text,
    )
    text = text.replace("$__interval_ms", str(step_s * 1000)).replace("$__interval", f"{step_s}s")
    text = text.replace("$__timeFrom()", start).replace("$__timeTo()", end)
    for name, value in sorted(chosen.items(), key=lambda one: -len(one[0])):
        # A replacement's backslashes are escapes of its own.
        text = re.sub(rf"\$\{{{name}(?::\w+)?\}}|\${name}\b", value.replace("\\", r"\\"), text)
    return text


def _group(text: str, step_s: int) -> int:
    return step_s if text.startswith("$") else _seconds(text)


def measure(reader: str, asked: list[Question], tell: Callable[[Timed], None]) -> list[Timed]:
    """Ask all of it RUNS times, all in turn, so that no run has the cache of itself alone; `reader` is the DSN of Grafana's role.

    A time is from the query to the last byte of the answer, as text, on this machine.
    """
    times: list[list[float]] = [[] for _ in asked]
    cores: list[list[float]] = [[] for _ in asked]
    last: list[tuple[int, int, str]] = [(0, 0, "")] * len(asked)
    with psycopg.connect(reader, autocommit=True) as db:
        own = Path(f"/proc/{db.info.backend_pid}/schedstat")
        db.execute(f"set statement_timeout = {round(GIVEN_UP_S * 1000)}".encode())
        for run in range(RUNS):
            for i, question in enumerate(asked):
                slow = any(each > SLOW_S * 1000 for each in times[i])
                if last[i][2] or (slow and run >= 3):
                    continue
                before = _on_core_ms(own)
                took, last[i] = _once(db, question.sql)
                times[i].append(took)
                cores[i].append(_on_core_ms(own) - before)
    found = []
    for question, walls, cpu, (rows, size, error) in zip(asked, times, cores, last, strict=True):
        core = at_share(cpu, 0.5) if any(cpu) else None
        found.append(
            Timed(question.screen, question.what, at_share(walls, 0.5), at_share(walls, 0.95), core, rows, size, len(walls), error)
        )  # fmt: skip
        tell(found[-1])
    return found


def _once(db: psycopg.Connection, query: str) -> tuple[float, tuple[int, int, str]]:
    start = time.perf_counter()
    answer = db.pgconn.exec_(query.encode())
    took = (time.perf_counter() - start) * 1000
    if answer.status != ExecStatus.TUPLES_OK:
        return took, (0, 0, answer.get_error_message().splitlines()[0])
    cells = (
        answer.get_value(row, column) for row in range(answer.ntuples) for column in range(answer.nfields)
    )
    return took, (answer.ntuples, sum(len(cell) for cell in cells if cell is not None), "")


def _on_core_ms(schedstat: Path) -> float:
    """Milliseconds that the server's process was on a core; 0 where it runs elsewhere."""
    return int(schedstat.read_text().split()[0]) / 1e6 if schedstat.exists() else 0.0


def at_share(values: list[float], share: float) -> float:
    """The smallest of the values that `share` of them do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]
