"""`phusa replay`: a rule on the past, before a change of it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.replay.sweep import Trial

HOUR_MS = 3_600_000


def replay(  # noqa: PLR0913 (each option is an argument)
    rule: Annotated[str, typer.Argument(help="mã quy tắc trong rules.yaml (the rule's id)")],
    since: Annotated[
        str | None, typer.Option("--from", help="từ lúc, giờ Việt Nam (from, Vietnam's time)")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="đến trước lúc (until before)")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="bản ghi hoặc CSV station,at,value thay cho kho (a file instead of the store)"),
    ] = None,
    level: Annotated[int, typer.Option(help="mức đang xét (the level looked at)")] = 1,
    limits: Annotated[
        str | None, typer.Option(help="thử các giới hạn, ví dụ 1.2,1.5 (try these limits)")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="CSV station,start,end: việc có thật (what truly happened)")
    ] = None,
    event: Annotated[
        float | None,
        typer.Option(help="sự thật là số liệu vượt giá trị này (the truth: the data beyond this)"),
    ] = None,
    early_h: Annotated[
        float, typer.Option(help="sớm đến mấy giờ vẫn là đúng (still right if so early)")
    ] = 6.0,
    picture: Annotated[Path | None, typer.Option(help="hình, mặc định VAR/replay/RULE.png")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Chạy một quy tắc trên số liệu cũ: báo mấy lần, đúng sai, sớm bao lâu (a rule on past data)."""
    from connectors import commune
    from infra.lab.replay import history
    from models.commune.configuration import Direction
    from models.replay.sweep import NoSuchLevelError, limit_of, sweep
    from models.replay.truth import beyond

    own = settings()
    configured = commune.load(own.commune)
    found = [one for one in configured.rules if one.id == rule]
    if not found:
        known = ", ".join(rule.id for rule in configured.rules)
        raise typer.BadParameter(f"{rule}? có {known} (no such rule; there are these)")
    try:
        bounds = [None if text is None else history.moment(text) for text in (since, until)]
        fed = history.parameter(configured, found[0])
        past, watched = (
            history.stored(own.dsn("reader"), configured, found[0], fed, *bounds)
            if file is None
            else history.recorded(file, configured, found[0], fed, *bounds)
        )
        events = None if truth is None else history.truth(truth)
        if event is not None:
            above = found[0].direction is Direction.ABOVE
            events = [
                each
                for one in past
                for each in beyond(one, event, above=above, merge_ms=round(early_h * HOUR_MS))
            ]
        tried = _numbers(limits) if limits else [limit_of(found[0], level)]
        trials = sweep(found[0], watched, past, level, tried, events, round(early_h * HOUR_MS))
    except (history.HistoryError, NoSuchLevelError) as error:
        raise typer.BadParameter(str(error)) from error
    values = sum(len(one.values) for one in past)
    if not values:
        typer.echo("Không có số liệu trong khoảng này (no data in this range).")
        raise typer.Exit(1)
    if as_json:
        _json(trials, values, len(past))
        return
    _show(trials, watched.unit, values, len(past))
    if file is not None and configured.quality and all(one.quality is None for one in past):
        typer.echo(
            f"Không kiểm tra chất lượng số liệu: quality.yaml không có {watched.code}, hoặc tệp cách nhau {watched.interval_s} giây."
            " (no tests of quality: none for this parameter, or not for this pace)"
        )
    from infra.lab.replay.picture import draw

    where = picture or own.var / "replay" / f"{rule}.png"
    draw(where, watched, past, trials, events)
    typer.echo(f"Hình (picture): {where}")


def _numbers(text: str) -> list[float]:
    try:
        return [float(one) for one in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(
            f"{text}: cần các số cách nhau bằng dấu phẩy (numbers with commas between)"
        ) from error


def _row(trial: Trial) -> dict[str, Any]:
    """What is said of a trial; None where there is no truth or nothing to divide by."""
    found: dict[str, Any] = {"limit": trial.limit, "alerts": len(trial.alerts), "by_peak": {}}
    for alert in trial.alerts:
        found["by_peak"][alert.peak] = found["by_peak"].get(alert.peak, 0) + 1
    if trial.score is not None:
        found |= {
            "hits": trial.score.hits,
            "missed": trial.score.missed,
            "false": trial.score.false,
            "detected": trial.score.detected,
            "wrong": trial.score.wrong,
            "lead_s": trial.score.lead_s,
        }
    return found


def _json(trials: Sequence[Trial], values: int, sensors: int) -> None:
    import msgspec

    rows = [_row(trial) for trial in trials]
    typer.echo(msgspec.json.encode({"values": values, "sensors": sensors, "trials": rows}).decode())


def _show(trials: Sequence[Trial], unit: str, values: int, sensors: int) -> None:
    from rich.console import Console
    from rich.table import Table

    title = (
        f"{trials[0].rule.id}, mức {trials[0].level}: {values} số liệu, {sensors} cảm biến (values, sensors)"
    )
    table = Table(title=title, title_justify="left")
    heads = [f"giới hạn [{unit}]", "cảnh báo", "theo mức cao nhất"]
    judged = trials[0].score is not None
    for head in heads + (["đúng", "bỏ sót", "báo sai", "sớm (giờ, trung vị)"] if judged else []):
        table.add_column(head)
    for trial in trials:
        row = _row(trial)
        peaks = ", ".join(f"{level}: {number}" for level, number in sorted(row["by_peak"].items()))
        cells = [f"{trial.limit:g}", str(row["alerts"]), peaks or "-"]
        if judged:
            lead = "-" if row["lead_s"] is None else f"{row['lead_s'] / 3600:.1f}"
            cells += [str(row["hits"]), str(row["missed"]), str(row["false"]), lead]
        table.add_row(*cells)
    console = Console()
    console.print(table)
    console.print(
        "cảnh báo: alerts; theo mức cao nhất: by highest level; đúng: hits; bỏ sót: missed; báo sai: false; sớm: lead",
        style="dim",
    )
