"""Live progress in the terminal while a play runs, and the wait until everything has an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from infra.rehearsal.demo import database
from infra.rehearsal.demo.stillness import Stillness

LOOK_S = 0.5
PLAIN_S = 10.0
"""Without a terminal: a line each ten seconds, so that a log shows life and stays short."""
LABELS = (
    ("read", "đọc", "read"),
    ("stored", "lưu", "stored"),
    ("rejected", "loại", "rejected"),
    ("duplicates", "trùng", "duplicates"),
    ("open_alerts", "đang báo động", "open alerts"),
    ("messages", "tin nhắn", "messages"),
)


@dataclass(slots=True)
class Sent:
    """How far the sender is; written by its thread, read by the screen."""

    total: int
    sent: int = 0
    clock: str = ""
    """The simulated time, for people."""
    waits: str = ""
    """What the day's clock waits for, once it has waited for some seconds."""
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    def run(self, work: Callable[[], None]) -> threading.Thread:
        """Do the sending in a thread; what it raises is kept for `check`."""

        def body() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 # handed to the main thread, which raises it
                self.error = error
            finally:
                self.done.set()

        thread = threading.Thread(target=body, name="sender", daemon=True)
        thread.start()
        return thread

    def say(self, words: str) -> None:
        """What is waited for; "" when it is over."""
        self.waits = words

    def check(self) -> None:
        """Raise what stopped the sender."""
        if self.error is not None:
            raise self.error


Look = Callable[[], database.Progress]


def follow(console: Console, sent: Sent, look: Look, title: str, unit: str | None) -> None:
    """Show progress until the sender is done; raises what stopped it."""
    with _screen(console, sent, title, unit) as show:
        spoken = ""
        while not sent.done.wait(LOOK_S):
            show(look())
            if sent.waits and sent.waits != spoken:
                console.print(sent.waits, style="yellow", highlight=False)
            spoken = sent.waits
        show(look())
    sent.check()


def settle(
    console: Console,
    finished: Callable[[], bool],
    stillness: Stillness,
    moving: Callable[[], object],
    alive: Callable[[], None],
    quiet_s: float = 3.0,
) -> float:
    """Wait until `finished` at two looks `quiet_s` apart between which nothing has moved; returns the seconds to the first of them.

    It returns too when `stillness` says of `moving` (counts of what is done by now) that waiting will not help: what is missing then
    is named by the accounting, not here. `alive` raises when a process will not come back.
    """
    start = time.monotonic()
    since: float | None = None
    last: object = None
    vi, en = "chờ mọi bản tin có kết cục", "waiting until every message has an end"
    with console.status(f"{vi} ({en})"):
        while not stillness.over(now := moving()):
            alive()
            # A beat on its way makes a look say no: on a slow machine it would be so at every third, although nothing moves.
            if now != last:
                last, since = now, None
            if finished():
                looked = time.monotonic()
                since = looked if since is None else since
                if looked - since >= quiet_s:
                    return since - start
            time.sleep(LOOK_S)
    return time.monotonic() - start


@contextmanager
def _screen(
    console: Console, sent: Sent, title: str, unit: str | None
) -> Iterator[Callable[[database.Progress], None]]:
    """On a terminal a bar over a table that changes in place; elsewhere a line now and then."""
    if not console.is_terminal:
        spoken = 0.0

        def say(now: database.Progress) -> None:
            nonlocal spoken
            if time.monotonic() - spoken >= PLAIN_S or sent.done.is_set():
                spoken = time.monotonic()
                counts = ", ".join(f"{vi} ({en}) {getattr(now, key)}" for key, vi, en in LABELS)
                console.print(
                    f"{sent.clock} đã gửi (sent) {sent.sent}/{sent.total}, {counts}", highlight=False
                )

        yield say
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    task = bar.add_task(title, total=sent.total)
    with Live(Group(bar), console=console, refresh_per_second=4) as live:

        def show(now: database.Progress) -> None:
            bar.update(task, completed=sent.sent, description=f"{title} {sent.clock}")
            live.update(Group(bar, _table(now, unit)))

        yield show


def _table(now: database.Progress, unit: str | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    row = []
    for key, vi, en in LABELS:
        table.add_column(f"{vi}\n({en})", justify="right", min_width=11)
        row.append(f"{getattr(now, key):,}".replace(",", "."))
    if unit is not None:
        table.add_column("mực nước\n(river)", justify="right", min_width=10)
        row.append("-" if now.value is None else f"{now.value:.2f} {unit}")
    table.add_row(*row)
    return table
