"""The status on a terminal of 80 columns: what is wrong and what to do, then the commune, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from infra.run.status import words
from infra.run.status.gather import STEP
from models.alerting.words import quantity
from models.catalogue.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connectors.timescale.situation import AlertSeen, PlaceSeen, Situation

STYLES = {"danger": "bold red", "warning": "bold yellow", "watch": "yellow", "normal": "green"}
"""Of a place's state; what is not known is bold and without a colour."""
UNKNOWN = "bold"
ALERTS_SHOWN = 12
TAKEN = ("taken", "sent", "dropped", "connects", "failures")
OTHER_ENDS = {"duplicates": "lặp", "still": "đứng yên", "dropped": "bỏ qua"}


def render(
    found: Mapping[str, Any], stations: Mapping[str, str], seen: Situation | None, at: datetime
) -> RenderableType:
    """All of it; `stations` are names by id, `seen` the words of places and alerts where the store tells them, `at` local time."""
    parts: list[RenderableType] = [Text(f"Phù Sa, {at:%H:%M:%S %d/%m/%Y} (giờ Việt Nam)", style="dim")]
    parts += [*_platform(found), *_commune(found, stations, seen)]
    for title, columns, rows in (
        _programs(found),
        _flows(found),
        _cameras(found, stations),
        _refused(found),
        _messages(found),
    ):
        if rows:
            parts += [Text(f"\n{title}", style="italic"), _table(columns, rows)]
    return Group(*parts)


def _platform(found: Mapping[str, Any]) -> list[RenderableType]:
    """Is anything wrong with the platform itself, and what to do."""
    lines: list[RenderableType] = []
    for trouble in found["troubles"]:
        what, _, step = trouble.partition(STEP)
        text = Text("KHÔNG ỔN: ", style="bold red").append(what, style="default")
        lines.append(text)
        if step:
            lines.append(Padding(Text(f"→ {step}", style="bold"), (0, 0, 0, 2)))
    lines += [
        Text("ĐANG CHỜ (waiting for): ", style="bold yellow").append(one, style="default")
        for one in found.get("waits", [])
    ]
    if not lines:
        lines.append(
            Text("Hệ thống không có gì hỏng (nothing is wrong with the platform)", style="bold green")
        )
    canary = found.get("canary")
    if canary is not None and canary["age_s"] is not None:
        lines.append(Text(f"{canary['vi']} ({canary['en']})", style=STYLES.get(canary["state"], UNKNOWN)))
    return lines


def _commune(
    found: Mapping[str, Any], stations: Mapping[str, str], seen: Situation | None
) -> list[RenderableType]:
    """What is open in the commune: another sentence than how the platform is."""
    if "alerts" not in found:
        return [
            Text("Trong xã: KHÔNG BIẾT, không hỏi được cơ sở dữ liệu (the commune: not known)", style=UNKNOWN)
        ]
    kinds = (
        [one["kind"] for one in found["alerts"]] if seen is None else [alert.kind for alert in seen.alerts]
    )
    if seen is None:
        told = [_bullet("•", words.alert(one, stations), "") for one in found["alerts"][:ALERTS_SHOWN]]
    else:
        told = [
            _bullet(alert.shape, _alert(alert, stations), alert.state) for alert in seen.alerts[:ALERTS_SHOWN]
        ]
    lines = [_open(kinds, None if seen is None else seen.places), *told]
    if len(kinds) > len(told):
        more = words.count(len(kinds) - len(told))
        lines.append(Text(f"  … và {more} cảnh báo nữa: phusa status --json (and {more} more)", style="dim"))
    if seen is not None and seen.places:
        lines.append(Text("\nTừng nơi (each place)", style="italic"))
        lines += [_bullet(place.shape, place.vi, place.state) for place in seen.places]
    return lines


def _open(kinds: Sequence[str], places: Sequence[PlaceSeen] | None) -> Text:
    """How many alerts are open: of what is measured, and of what measures. Green only where every place is known to be normal."""
    instruments = sum(kind in words.OF_INSTRUMENTS for kind in kinds)
    dangers = len(kinds) - instruments
    if not kinds:
        unknown = sum(place.state not in STYLES for place in places or [])
        vi, en = (
            (f", {words.count(unknown)} nơi không rõ", f", {words.count(unknown)} places not known")
            if unknown
            else ("", "")
        )
        well = bool(places) and all(place.state == State.NORMAL for place in places or [])
        return Text(
            f"Trong xã: không có cảnh báo nào đang mở{vi} (the commune: no open alert{en})",
            style="bold green" if well else UNKNOWN,
        )
    told = [f"{words.count(dangers)} cảnh báo"] * bool(dangers)
    told += [f"{words.count(instruments)} nơi đo không tin được hoặc mất"] * bool(instruments)
    return Text(
        f"Trong xã: {' và '.join(told)} đang mở (the commune: {words.count(len(kinds))} open alerts)",
        style="bold red" if dangers else UNKNOWN,
    )


def _alert(alert_seen: AlertSeen, stations: Mapping[str, str]) -> str:
    """Since when, how much now, who was told and whether they answered."""
    what = alert_seen.parameter_vi
    if what == alert_seen.parameter:  # no word of the catalogue: a zone, or more than one parameter
        what = words.whole(alert_seen.place.partition("/")[0], alert_seen.parameter, stations)
    about = what if what.startswith(alert_seen.kind_vi) else f"{alert_seen.kind_vi}, {what}"
    # The value of a silence is how long it lasted when it was raised.
    told_value = None if alert_seen.kind in words.OF_INSTRUMENTS else alert_seen.value
    value = "" if told_value is None else f", nay {quantity(told_value, alert_seen.unit, 'vi')}"
    told = (
        f"đã báo {alert_seen.told_vi} ({alert_seen.told} tin, {alert_seen.arrived} tới)"
        if alert_seen.told
        else alert_seen.told_vi or "chưa báo ai"
    )
    answered = f"; {alert_seen.answered_vi}" if alert_seen.answered_vi else ""
    name = f"{alert_seen.name[:1].upper()}{alert_seen.name[1:]}"
    level = "" if alert_seen.level_vi == alert_seen.kind_vi else f"{alert_seen.level_vi} "
    return f"{name}: {about}, {level}từ {alert_seen.since:%H:%M %d/%m}{value}; {told}{answered}"


def _bullet(shape: str, text: str, state: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    style = STYLES.get(state, UNKNOWN) if state else "bold red"
    grid.add_row(Text(shape, style=style), Text(text))
    return grid


def _programs(found: Mapping[str, Any]) -> tuple[str, Sequence[str], list[list[str]]]:
    rows = [
        [one["program"], words.program(one["program"]), words.STATES[one["state"]]]
        for one in found["programs"]
    ]
    return "Chương trình (programs)", ("tên (name)", "làm gì (what for)", "tình trạng (state)"), rows


def _flows(found: Mapping[str, Any]) -> tuple[str, Sequence[str], list[list[str]]]:
    rows = []
    for one in found["positions"]:
        others = [f"{vi} {words.count(one[name])}" for name, vi in OTHER_ENDS.items() if one.get(name)]
        counts = [words.count(one.get(name)) for name in ("read", "stored", "rejected", "lag")]
        rows.append([words.flow(one["flow"], one["topic"]), *counts, ", ".join(others)])
    columns = (
        "luồng (flow)",
        "#đọc (read)",
        "#lưu (stored)",
        "#loại (rejected)",
        "#còn chờ (lag)",
        "khác (other)",
    )
    return "Luồng (flows), số bản tin", columns, rows


def _cameras(
    found: Mapping[str, Any], stations: Mapping[str, str]
) -> tuple[str, Sequence[str], list[list[str]]]:
    paces = {pace["camera"]: pace for pace in found.get("paces", [])}
    counts = found.get("cameras", {})
    rows = [
        [
            stations.get(name, name),
            *(words.count(counts.get(name, {}).get(what)) for what in TAKEN),
            words.pace(paces.get(name)),
        ]
        for name in sorted({*counts, *paces})
    ]
    columns = (
        "camera",
        "#lấy (taken)",
        "#gửi (sent)",
        "#bỏ (dropped)",
        "#nối (joined)",
        "#mất (lost)",
        "nhìn mỗi (looked at every)",
    )
    return "Ảnh của camera (pictures)", columns, rows


def _refused(found: Mapping[str, Any]) -> tuple[str, Sequence[str], list[list[str]]]:
    rows = [
        [words.TOPICS.get(one["topic"], one["topic"]), words.reason(one["reason"]), words.count(one["count"])]
        for one in found.get("refused", [])
    ]
    return "Bị loại, chưa gửi lại: phusa rejected list", ("bản tin (of)", "vì sao (why)", "#số (count)"), rows


def _messages(found: Mapping[str, Any]) -> tuple[str, Sequence[str], list[list[str]]]:
    known = found.get("messages", {})
    rows = [[vi, words.count(known[name])] for name, vi in words.MESSAGES.items() if name in known]
    rows += [[name, words.count(number)] for name, number in known.items() if name not in words.MESSAGES]
    return "Tin nhắn (messages)", ("tình trạng (state)", "#số (count)"), rows


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A column whose title begins with # holds numbers: to the right, never broken."""
    drawn = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        number = column.startswith("#")
        # The English stands below, so that numbers have no more room than they need.
        name = column.removeprefix("#").replace(" (", "\n(") if number else column
        drawn.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=number)
    for row in rows:
        drawn.add_row(*row)
    return drawn
