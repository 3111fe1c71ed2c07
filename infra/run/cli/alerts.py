"""`phusa alerts`: why somebody was told or not, and silences: set, end, list with what each has hidden."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from connectors import clock
from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.timescale.silences import Hidden
    from models.alerting.silence import Silence
    from models.commune.configuration import Commune

app = typer.Typer(
    help="Cảnh báo: vì sao báo ai, tắt tin, bật lại (alerts: why who was told, silences).",
    no_args_is_help=True,
)

LARGEST = 2**63 - 1
"""A number that the store can be asked for."""
MOST_SHOWN = 10
"""Alerts that are listed under a silence; more is a number."""
By = Annotated[str | None, typer.Option("--by", help="ai làm, mặc định tên đăng nhập (who does it)")]


@app.command()
def explain(
    alert: Annotated[
        str, typer.Argument(help="mã cảnh báo, hoặc một phần của mã (the alert, or a part of its name)")
    ],
) -> None:
    """Với từng người nhận: vì sao được báo hay không, ở bước nào (for each contact why told or not, by which stage)."""
    from connectors import commune as folder
    from connectors.timescale import explained
    from models.alerting.drill import HEAD
    from models.alerting.explanation import explain as explanation
    from models.alerting.words import kind_name
    from models.commune.place import place_name

    dsn = settings().dsn("writer")
    found = explained.named(dsn, alert)
    if len(found) != 1:
        for name in found:
            typer.echo(name)
        told = (
            "nhiều cảnh báo, chọn một (several, choose one)" if found else "không có cảnh báo nào (no alert)"
        )
        _refuse(f"{alert}: {told}")
    commune = folder.load(settings().commune)
    changes, kept = explained.kept(dsn, found[0])
    last = changes[-1]
    where = place_name(last.station, commune)
    typer.secho(
        f"{found[0]}\n{HEAD if last.exercise else ''}{kind_name(last.kind)}, {where}, mức {last.level} (level {last.level})",
        bold=True,
    )
    for one in explanation(changes, kept, commune):
        typer.secho(f"{'+' if one.told else '-'} {one.contact}  {one.name}", bold=one.told)
        for vi, en in one.lines:
            typer.echo(f"    {_safe(vi)} ({_safe(en)})")


@app.command()
def silence(
    until: Annotated[str, typer.Option(help="tới khi nào: 18:00, 18h30, +2h, 2026-10-12T18:00 (until when)")],
    because: Annotated[str, typer.Option(help="vì sao (why)")],
    kind: Annotated[list[str] | None, typer.Option(help="loại, có thể lặp lại (kind)")] = None,
    station: Annotated[list[str] | None, typer.Option(help="trạm, camera, nơi ngập (station)")] = None,
    hamlet: Annotated[list[str] | None, typer.Option(help="thôn (hamlet)")] = None,
    contact: Annotated[list[str] | None, typer.Option(help="người nhận (contact)")] = None,
    by: By = None,
    *,
    maintenance: Annotated[bool, typer.Option(help="đang bảo trì (somebody works there)")] = False,
    everything: Annotated[bool, typer.Option("--all", help="mọi tin dưới mức 3 (all below level 3)")] = False,
) -> None:
    """Tắt tin một thời gian; mức 3 vẫn reo (hide messages for a while; level 3 rings all the same)."""
    from connectors import commune as folder
    from connectors.timescale import silences
    from models.alerting.silence import LONGEST, Silence
    from models.alerting.silence import until as end_of

    at = _now()
    chosen = {"kind": kind or [], "station": station or [], "hamlet": hamlet or [], "contact": contact or []}
    if not any(chosen.values()) and not everything:
        _refuse("chọn --kind, --station, --hamlet, --contact, hoặc --all (choose one, or --all)")
    _known(chosen, folder.load(settings().commune))
    ends_at = end_of(until, at)
    if ends_at is None:
        _refuse(
            f"--until {until}: cần 18:00, +2h, +3d hoặc 2026-10-12T18:00 (expected 18:00, +2h, +3d or a date with a time)"
        )
    if not at < ends_at <= at + LONGEST:
        _refuse(
            f"--until {until}: cần sau bây giờ và trong {LONGEST.days} ngày (expected after now, within {LONGEST.days} days)"
        )
    if not because.strip():
        _refuse("--because: cần lý do (expected a reason)")
    made = silences.add(
        settings().dsn("writer"),
        Silence(
            0, at, ends_at, because.strip(), by or getpass.getuser(), chosen["kind"], chosen["station"],
            chosen["hamlet"], chosen["contact"], maintenance,
        ),
    )  # fmt: skip
    _print(made, [], at)
    typer.echo(f"Mức 3 vẫn reo. Bật lại: phusa alerts unsilence {made.id} (level 3 rings all the same)")


@app.command()
def silences(
    days: Annotated[
        int,
        typer.Option(
            help="kể cả đã hết trong mấy ngày qua (also those over in the last days)", min=0, max=36_500
        ),
    ] = 1,
) -> None:
    """Liệt kê các lần tắt tin, và tin nào đã bị giấu (list silences, and what each has hidden)."""
    from connectors.timescale import silences as store

    dsn, at = settings().dsn("writer"), _now()
    found = store.listed(dsn, at - timedelta(days=days))
    hidden = store.hidden(dsn, [one.id for one in found])
    for one in found:
        _print(one, [each for each in hidden if each.silence == one.id], at)
    typer.echo(f"{len(found)} lần tắt tin (silences)")


@app.command()
def unsilence(
    number: Annotated[
        int, typer.Argument(help="số của lần tắt tin (the number of the silence)", min=1, max=LARGEST)
    ],
    by: By = None,
) -> None:
    """Bật lại tin, và nói tin nào đã bị giấu mà còn đang diễn ra (end a silence; what it hid and goes on)."""
    from connectors.timescale import silences as store

    dsn, at = settings().dsn("writer"), _now()
    found, ended = store.end(dsn, number, by or getpass.getuser(), at)
    if found is None:
        _refuse(f"#{number}: không có (there is none)")
    if not ended:
        _refuse(f"#{number}: đã hết rồi (it is over already)")
    _print(found, store.hidden(dsn, [number]), at)


def _known(chosen: dict[str, list[str]], commune: Commune) -> None:
    """Refuse, all at once, what the commune does not have."""
    from models.catalogue.kinds import Kind

    places = [station.id for station in commune.stations] + [camera.id for camera in commune.cameras]
    places += [place.id for place in commune.flood_places]
    offered = {
        "kind": [str(kind) for kind in Kind],
        "station": [*places, *(merchant.code for merchant in commune.merchants)],
        "hamlet": list(dict.fromkeys(hamlet.code for hamlet in commune.hamlets)),
        "contact": [contact.id for contact in commune.contacts],
    }
    wrong = [
        f"--{name} {one}: cần một trong (expected one of): {', '.join(offered[name])}"
        for name, values in chosen.items()
        for one in values
        if one not in offered[name]
    ]
    if wrong:
        _refuse("\n".join(wrong))


def _print(one: Silence, hidden: Sequence[Hidden], at: datetime) -> None:
    ends = min(one.ends_at, one.ended_at or one.ends_at)
    state = "đang tắt (in force)" if one.in_force(at) else "đã hết (over)"
    what = "; ".join(_parts(one)) or "tất cả (all)"
    sort = ", bảo trì (maintenance)" if one.maintenance else ""
    typer.secho(f"#{one.id} {state}{sort}: {what}", bold=one.in_force(at))
    typer.echo(_safe(f"    {_at(one.begins_at)} – {_at(ends)}, {one.by_whom}: {one.because}"))
    for each in hidden[:MOST_SHOWN]:
        goes_on = ", còn đang diễn ra (goes on)" if each.open else ""
        who = ", ".join(each.contacts)
        typer.echo(
            _safe(
                f"    đã giấu (hid) {each.alert}, mức {each.level}, {each.times} lần (times){goes_on}: {who}"
            )
        )
    if len(hidden) > MOST_SHOWN:
        typer.echo(f"    và {len(hidden) - MOST_SHOWN} cảnh báo khác (and other alerts)")


def _parts(one: Silence) -> Iterable[str]:
    words = (("loại", "kinds"), ("trạm", "stations"), ("thôn", "hamlets"), ("người nhận", "contacts"))
    for (vi, en), values in zip(words, (one.kinds, one.stations, one.hamlets, one.contacts), strict=True):
        if values:
            yield f"{vi} ({en}) {', '.join(values)}"


def _now() -> datetime:
    """The platform's time."""
    return (clock.from_setting(settings().clock) or clock.system)()


def _at(at: datetime) -> str:
    return f"{at.astimezone(clock.VIETNAM):%H:%M %d/%m}"


def _safe(text: str) -> str:
    """Without control characters, which could move the cursor of the reader's terminal."""
    return "".join(char if char.isprintable() else "·" for char in text)


def _refuse(why: str) -> NoReturn:
    typer.echo(_safe(why) if "\n" not in why else "\n".join(map(_safe, why.splitlines())), err=True)
    raise typer.Exit(2)
