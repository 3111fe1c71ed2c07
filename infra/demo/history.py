"""Replay the real recordings: the files' own time and values, through the same flows and rules."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from infra.demo import database
from infra.demo.accounting import ChangeRow, Gap
from infra.demo.progress import Sent, follow
from infra.demo.stage import Stage
from infra.demo.summary import FileRow
from infra.recordings import catalogue, replay


def load(console: Console, data: Path) -> list[replay.Loaded]:
    """Read every recording that is there; SystemExit names the folder when there is none."""
    found = catalogue.present(data)
    if not found:
        wanted = ", ".join(one.path for one in catalogue.CATALOGUE)
        msg = f"{data}: không thấy bản ghi nào (no recording found); cần (expected): {wanted}"
        raise SystemExit(msg)
    for missing in [one for one in catalogue.CATALOGUE if one not in found]:
        console.print(f"[yellow]• thiếu {missing.path}, bỏ qua[/] [dim](missing, left out)[/]")
    for stranger in [one for one in catalogue.others(data) if catalogue.kind_of(one) is None]:
        console.print(
            f"[yellow]• không rõ loại {stranger.relative_to(data)}, bỏ qua[/] [dim](of no known kind, left out)[/]"
        )
    with console.status("đọc các bản ghi (reading the recordings)"):
        return [replay.load(one, data) for one in found]


def play(
    console: Console, stage: Stage, loaded: list[replay.Loaded], look: Callable[[], database.Progress]
) -> tuple[int, float]:
    """Publish everything; returns the records that Kafka has taken and the seconds until then."""
    sent = Sent(sum(one.readings for one in loaded))

    def publish() -> None:
        def progress(delivered: int) -> None:
            sent.sent = delivered

        sent.sent = replay.publish(stage.settings.bootstrap, replay.merged(loaded), progress)

    start = time.monotonic()
    sent.run(publish)
    follow(console, sent, look, "bản ghi (recordings)", None)
    return sent.sent, time.monotonic() - start


def table(
    loaded: Sequence[replay.Loaded], db: database.Connection, changes: Sequence[ChangeRow]
) -> list[FileRow]:
    """What became of each file; duplicates are what was neither stored nor rejected."""
    stored, flagged, rejected = database.stored(db), database.flagged(db), database.rejected(db)
    rows = []
    for one in loaded:
        own = set(one.stations)
        kept = sum(stored.get(name, 0) for name in own)
        refused = Counter[str]()
        for station, reason, count in rejected:
            refused[reason] += count if station in own else 0
        alerts = Counter(f"{c.rule} {c.level}" for c in changes if c.station in own and c.level > c.previous)
        first, last = one.span
        rows.append(
            FileRow(
                one.recording.path, one.recording.vi, one.recording.en, first, last, len(own), one.lines, one.gaps,
                one.readings, kept, sum(flagged.get(name, 0) for name in own),
                one.readings - kept - refused.total(), dict(+refused), dict(sorted(alerts.items())),
            )
        )  # fmt: skip
    return rows


def gaps(files: Sequence[FileRow], duplicates: int) -> list[Gap]:
    """What the files miss must be what the flow counted as duplicates."""
    missing = sum(one.duplicates for one in files)
    if missing == duplicates:
        return []
    return [
        Gap(
            f"Theo tệp thì trùng {missing}, luồng đếm {duplicates}",
            f"the files have {missing} duplicates, the flow counted {duplicates}",
        )
    ]
