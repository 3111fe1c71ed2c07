"""Say in the terminal what happened, in plain Vietnamese and English."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors.clock import VIETNAM
from infra.rehearsal.demo.accounting import Lead
from infra.rehearsal.demo.eyes import Eyed
from infra.rehearsal.demo.market import Money
from infra.rehearsal.demo.summary import Summary, Told
from models.catalogue.channels import CHANNELS

MOST_CHANGES = 40
"""Messages shown in the terminal, each once for all its receivers; the report has them all."""


def say(console: Console, summary: Summary) -> None:
    """All of it, in the order in which a reader asks."""
    _sums(console, summary)
    _streams(console, summary)
    if summary.money is not None:
        _money(console, summary.money)
    if summary.files:
        _files(console, summary)
    _films(console, summary)
    if summary.leads:
        _leads(console, summary)
    if summary.eyes:
        _eyes(console, summary)
    _messages(console, summary)
    for gap in summary.gaps:
        console.print(f"[bold red]THIẾU[/]: {escape(gap.vi)}\n       [dim]{escape(gap.en)}[/]")


def _sums(console: Console, summary: Summary) -> None:
    counted = summary.counted
    rejected = sum(counted.rejected.values())
    verdict = (
        "[bold green]khớp (nothing is lost)[/]"
        if summary.adds_up
        else "[bold red]KHÔNG khớp (does not add up)[/]"
    )
    repeated = max(0, counted.in_kafka - summary.sent)
    console.print()
    console.print(f"[bold]Gửi (sent) {summary.sent:,}[/] = lưu (stored) {counted.stored:,}"
                  f" + loại (rejected) {rejected:,} + trùng (duplicates) {counted.duplicates - repeated:,}: {verdict}",
                  highlight=False)  # fmt: skip
    if repeated:
        console.print(
            f"[dim]{repeated} bản tin được gửi lại trên đường (repeated on the way), đã nhận ra là trùng[/]"
        )
    if counted.rejected:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(counted.rejected.items()))
        console.print(f"  Loại vì (rejected for): {reasons}", highlight=False)


def _streams(console: Console, summary: Summary) -> None:
    """Frames and payments, each with its ends."""
    for one in (each for each in summary.streams if each.in_kafka):
        rejected = sum(one.rejected.values())
        parts = [
            f"lưu (stored) {one.stored:,}",
            f"loại (rejected) {rejected:,}",
            f"trùng (duplicates) {one.duplicates:,}",
        ]
        if one.topic == "frames":
            parts[0] = f"đã xem (observed) {one.stored:,}"
            parts.insert(1, f"đứng yên (still) {one.still:,}")
            parts.append(f"bỏ qua (dropped) {one.dropped:,}")
        verdict = "[green]khớp[/]" if one.complete else "[bold red]KHÔNG khớp[/]"
        console.print(
            f"[bold]{one.vi.capitalize()} ({one.en}) {one.in_kafka:,}[/] = {' + '.join(parts)}: {verdict}",
            highlight=False,
        )
        if one.rejected:
            reasons = ", ".join(f"{reason} {count}" for reason, count in one.rejected.items())
            console.print(f"  Loại vì (rejected for): {reasons}", highlight=False)


def _money(console: Console, money: Money) -> None:
    total = f"{sum(money.by_merchant.values()):,}".replace(",", ".")
    console.print(
        f"[bold]Sổ cái (ledger): {total} đ[/], {money.payments:,} khoản (payments), {money.returns:,} lần hoàn (returns)",
        highlight=False,
    )
    for vi, en, part, whole, target in money.shares:
        console.print(
            f"  {vi} ({en}): {part:,}/{whole:,} = {part / whole:.0%}, mục tiêu (target) {target:.0%}",
            highlight=False,
        )


def _files(console: Console, summary: Summary) -> None:
    table = Table(title="Từng tệp (by file)", title_justify="left")
    table.add_column("Bản ghi (recording)")
    heads = ("Số đo (readings)", "Lưu (stored)", "Có cờ (flagged)", "Loại (rejected)", "Trùng (dupl.)",
             "Trống (gaps)", "Không đọc được (not read)")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="right")
    table.add_column("Báo động theo cấp (alerts by level)")
    for file in summary.files:
        rejected = ", ".join(f"{reason} {n}" for reason, n in file.rejected.items()) or "0"
        numbers = (file.readings, file.stored, file.flagged)
        alerts = ", ".join(f"{name}: {n}" for name, n in file.alerts.items()) or "-"
        table.add_row(f"{file.vi}\n[dim]{file.file}[/]", *[f"{n:,}" for n in numbers], rejected,
                      f"{file.duplicates:,}", f"{file.gaps:,}", f"{file.lost:,}" if file.readings else "cả tệp (all)", alerts)  # fmt: skip
    console.print(table)


def _films(console: Console, summary: Summary) -> None:
    """Films against their annotators, payment messages against their providers' contracts."""
    for film in summary.films:
        truth = (
            ""
            if film.error is None
            else (
                f", đúng ra (true) {film.true:g}, sai số (mean error) {film.error:g} trên {film.compared} khung (frames)"
            )
        )
        console.print(f"{film.file}: {film.frames} khung (frames), xem (observed) {film.observed}, đứng yên (still) {film.still}, "
                      f"đếm (counted) {film.counted:g}{truth}", highlight=False)  # fmt: skip
    for answer in summary.signed:
        console.print(
            f"payments/{answer.provider}: {answer.status} [dim]{escape(answer.reply)}[/]", highlight=False
        )


def _leads(console: Console, summary: Summary) -> None:
    table = Table(title="Báo động so với sự thật (alerts against the truth)", title_justify="left")
    for head in ("Trạm (station)", "Cấp (level)"):
        table.add_column(head)
    for head in ("Vượt thật (crossed)", "Báo lúc (alert)", "Trễ, phút (delay, min)",
                 "Sớm trước cấp kế (before next)", "Sớm trước đỉnh (before worst)"):  # fmt: skip
        table.add_column(head, justify="right")
    for lead in summary.leads:
        crossing = lead.crossing
        table.add_row(crossing.station, f"{crossing.name} ({crossing.limit:g} {crossing.unit})", clock(crossing.at),
                      *lead_cells(lead))  # fmt: skip
    console.print(table)


def _eyes(console: Console, summary: Summary) -> None:
    """A line of times for each thing that was true, and the camera's own words below it: a table has no room for them."""
    console.print(
        "[bold]Camera nói gì về nước, so với sự thật (the cameras' words beside the truth)[/]",
        highlight=False,
    )
    for one in summary.eyes:
        true, said, delay, lead, over, said_over = eye_cells(one)
        times = f"thật (true) {true}, camera nói (said) {said}, trễ (delay) {delay} min"
        if one.lead_min is not None:
            times += f", sớm hơn trạm (before the gauge) {lead}"
        if one.over_true is not None or one.over_said is not None:
            times += f"; hết thật (over) {over}, nói hết (said over) {said_over}"
        console.print(
            f"  [cyan]{one.camera}[/] {escape(one.vi)} ({escape(one.en)}): {times}",
            highlight=False,
            soft_wrap=True,
        )
        if one.said_vi:
            console.print(f"        [dim]{escape(one.said_vi)}[/]", highlight=False, soft_wrap=True)


def eye_cells(one: Eyed) -> tuple[str, str, str, str, str, str]:
    """When it was true, when the camera said so, delay and lead, when it was over and said to be."""
    delay = "-" if one.delay_min is None else f"{one.delay_min:g}"
    said = (clock(one.true_at), clock(one.said_at), delay, span(one.lead_min))
    return (*said, clock(one.over_true), clock(one.over_said))


def lead_cells(lead: Lead) -> tuple[str, str, str, str]:
    """Alert time, delay, lead to the next level and to the worst, as people read them."""
    delay = "-" if lead.delay_min is None else f"{lead.delay_min:g}"
    return clock(lead.alert_at), delay, span(lead.before_next_min), span(lead.before_peak_min)


def _messages(console: Console, summary: Summary) -> None:
    states = Counter(message.row.state for message in summary.messages)
    counts = ", ".join(f"{state} {n}" for state, n in sorted(states.items())) or "0"
    console.print(f"[bold]Tin nhắn (messages): {len(summary.messages)}[/] ({counts})", highlight=False)
    done = Counter(summary.attended)
    console.print(
        f"  trả lời sẽ đi (taken) {done['taken']}, gọi thêm (called) {done['called']}, nhắc lại (repeated) {done['repeated']},"
        f" chưa ai nhận (nobody) {done['nobody']}",
        highlight=False,
    )
    groups: dict[tuple[str, int, str | None, datetime], list[Told]] = {}
    for message in summary.messages:
        row = message.row
        groups.setdefault((row.alert, row.seq, row.step, row.at), []).append(message)
    for group in list(groups.values())[:MOST_CHANGES]:
        # The same words to everybody: said once, then who got them, and how.
        first = group[0]
        console.print(
            f"  {clock(first.row.at)} [cyan]{escape(first.text)}[/]", highlight=False, soft_wrap=True
        )
        for channel in CHANNELS:
            names = [escape(one.name) for one in group if one.row.channel == channel]
            if names:
                console.print(
                    f"        [dim]{channel.upper():4}[/] → {', '.join(names)}",
                    highlight=False,
                    soft_wrap=True,
                )
    if len(groups) > MOST_CHANGES:
        left = len(groups) - MOST_CHANGES
        console.print(f"  [dim]… {left} tin khác trong báo cáo ({left} more in the report)[/]")


def clock(at: datetime | None) -> str:
    """Time of day in Vietnam; the date too when it is not the story's own day."""
    return "-" if at is None else at.astimezone(VIETNAM).strftime("%H:%M")


def span(minutes: float | None) -> str:
    """Minutes as hours and minutes."""
    if minutes is None:
        return "-"
    sign = "-" if minutes < 0 else ""
    whole = round(abs(minutes))
    return f"{sign}{whole // 60} h {whole % 60:02d}" if whole >= 60 else f"{sign}{whole} min"
