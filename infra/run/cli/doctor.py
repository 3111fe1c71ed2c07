"""`phusa doctor`: look at the machine and what runs on it; each line with the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from rich.console import Console

    from infra.run.doctor.line import Line

MARKS = {"good": ("✓ ổn", "green"), "bad": ("✗ HỎNG", "bold red"), "unknown": ("? không rõ", "yellow")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Khám máy và hệ thống, nêu việc cần làm; mã thoát 1 nếu có gì hỏng (what is wrong, and what to do)."""
    import msgspec

    found = examine()
    if as_json:
        typer.echo(msgspec.json.encode([line._asdict() for line in found]))
    else:
        from rich.console import Console

        draw(Console(highlight=False), found)
    if any(line.verdict == "bad" for line in found):
        raise typer.Exit(1)


def examine() -> list[Line]:
    """Every line, the machine's before those of what runs on it."""
    from connectors import commune
    from infra.run import stack
    from infra.run.doctor import machine, people, services
    from infra.run.stack.place import place
    from infra.run.status.clock import platform_now

    own, states = settings(), stack.state(settings())
    try:
        read = commune.load(own.commune)
    except (OSError, commune.ConfigurationError):
        read = None
    if place(own).closed:
        return [people.closed(str(own.var)), *machine.outside(own)]
    running = [state.program for state in states if state.pid]
    return [*machine.look(own, running), *services.look(own, states, platform_now(own), read)]


def draw(console: Console, found: list[Line]) -> None:
    """What is bad first, then unknown, then good; at the end how many of each."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    for verdict in ("bad", "unknown", "good"):
        mark, style = MARKS[verdict]
        table = Table.grid(padding=(0, 1))
        table.add_column(width=10, no_wrap=True)
        table.add_column(overflow="fold")
        for line in found:
            if line.verdict == verdict:
                text = Text(line.vi)
                if line.en != line.vi:
                    text.append(f" ({line.en})", style="dim")
                if line.next_vi:
                    english = f" ({line.next_en})" if line.next_en != line.next_vi else ""
                    text.append(f"\n→ {line.next_vi}", style="bold").append(english, style="dim")
                table.add_row(Text(mark, style=style), text)
        if table.row_count:
            console.print(Padding(table, (0, 0, 1, 0)))
    count = {verdict: sum(line.verdict == verdict for line in found) for verdict in MARKS}
    console.print(
        f"{count['bad']} hỏng, {count['unknown']} không rõ, {count['good']} ổn "
        f"({count['bad']} bad, {count['unknown']} unknown, {count['good']} good)"
    )
