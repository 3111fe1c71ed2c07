"""Replay the real recordings: the files' own time and values, through the same flows and rules."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from infra.rehearsal.demo import database
from infra.rehearsal.demo.accounting import ChangeRow, Gap
from infra.rehearsal.demo.progress import Sent, follow
from infra.rehearsal.demo.stage import Stage
from infra.rehearsal.demo.summary import FileRow
from infra.rehearsal.recordings import catalogue, columns, films, replay, signed
from infra.rehearsal.recordings.notes import FileError


def load(console: Console, data: Path) -> list[replay.Loaded]:
    """Read every recording that is there, and say of each what was not read or assumed, all before anything is played.

    A file of which nothing can be read stays in the list, so that the play ends with its name and exit 1; SystemExit when
    nothing of any file can be read.
    """
    found = catalogue.present(data)
    if not found:
        folders = ", ".join(f"{folder}/" for folder in columns.FOLDERS)
        msg = f"{data}: không thấy bản ghi nào (no recording found); cần bảng CSV hay .xlsx trong (expected tables in): {folders}"
        raise SystemExit(msg)
    known = {one.path for one in catalogue.CATALOGUE}
    if any(one.path in known for one in found):
        for missing in [one for one in catalogue.CATALOGUE if one not in found]:
            console.print(f"[yellow]• thiếu {missing.path}, bỏ qua[/] [dim](missing, left out)[/]")
    said: list[tuple[replay.Loaded, bool]] = []
    with console.status("đọc các bản ghi (reading the recordings)"):
        for one in found:
            try:
                said.append((replay.load(one, data), False))
            except FileError as error:
                said.append((replay.unread(one, error), error.foreign))
    for path in unused(data):
        console.print(
            f"[dim]• {escape(path)}: không phát lại được, bỏ qua (cannot be played, left out)[/]",
            highlight=False,
            soft_wrap=True,
        )
    for each, foreign in said:
        tell(console, each, foreign=foreign)
    loaded = [each for each, foreign in said if not foreign]
    if all(one.broken for one in loaded):
        msg = f"{data}: không đọc được số liệu nào, xem các câu trên (no readings could be read, see above)"
        raise SystemExit(msg)
    return loaded


def unused(data: Path) -> list[str]:
    """Files among the films and payments that are no film, no truth of one, and no signed message."""
    tapes = films.present(data)
    used = {tape.path for tape in tapes} | {tape.truth for tape in tapes}
    used |= {file.relative_to(data).as_posix() for file in signed.files(data)}
    found = (
        one for folder in ("crowd", signed.FOLDER) for one in (data / folder).rglob("*") if one.is_file()
    )
    names = sorted(
        one.relative_to(data).as_posix() for one in found if not one.name.startswith((".", "README"))
    )
    return [name for name in names if name not in used]


def tell(console: Console, loaded: replay.Loaded, *, foreign: bool = False) -> None:
    """What a file holds, then a line for each thing that was not read, assumed or left out."""
    path = loaded.recording.path
    if foreign:
        for note in loaded.notes:
            console.print(
                f"[dim]• {escape(path)}: bỏ qua, {escape(note.text)}[/]", highlight=False, soft_wrap=True
            )
        return
    if loaded.broken:
        console.print(f"[bold red]✗ {escape(path)}: KHÔNG đọc được số liệu nào[/] [dim](nothing could be read)[/]",
                      highlight=False, soft_wrap=True)  # fmt: skip
    elif loaded.recording.stranger or loaded.lost:
        what = ", ".join(sorted(loaded.frame["parameter"].unique().to_list()))
        lost = f", [bold red]{loaded.lost:,} không đọc được (not read)[/]" if loaded.lost else ""
        gaps = f", {loaded.gaps:,} ô trống (gaps)" if loaded.gaps else ""
        console.print(f"• {escape(path)}: {loaded.lines:,} dòng (rows), {loaded.readings:,} số đo (readings): {what}{gaps}{lost}",
                      highlight=False, soft_wrap=True)  # fmt: skip
    for note in loaded.notes:
        loud = note.lost or loaded.broken
        if loud or loaded.recording.stranger:
            mark = "[red]" if loud else "[dim]"
            place = f", {note.place}" if note.place else ""
            text = replace(note, place="").text
            console.print(
                f"  {mark}{escape(path)}{escape(place)}: {escape(text)}[/]", highlight=False, soft_wrap=True
            )


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
        first, last = (None, None) if one.broken else one.span
        rows.append(
            FileRow(
                one.recording.path, one.recording.vi, one.recording.en, first, last, len(own), one.lines, one.gaps,
                one.readings, kept, sum(flagged.get(name, 0) for name in own),
                one.readings - kept - refused.total(), dict(+refused), dict(sorted(alerts.items())),
                one.lost, [note.text for note in one.notes],
            )
        )  # fmt: skip
    return rows


def gaps(files: Sequence[FileRow], duplicates: int) -> list[Gap]:
    """What the files miss must be what the flow counted as duplicates; and of every file something must have been read."""
    unread = [
        Gap(f"{file.file}: không đọc được số liệu nào: {'; '.join(file.notes)}", f"{file.file}: nothing could be read")
        for file in files if not file.readings
    ]  # fmt: skip
    missing = sum(file.duplicates for file in files)
    if missing == duplicates:
        return unread
    return [
        *unread,
        Gap(
            f"Theo tệp thì trùng {missing}, luồng đếm {duplicates}",
            f"the files have {missing} duplicates, the flow counted {duplicates}",
        ),
    ]
