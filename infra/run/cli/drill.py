"""`phusa drill`: a storm is played through rules, routing and gateways, and at the end is said who was told and who answered."""

from __future__ import annotations

import getpass
import signal
import threading
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import psycopg

    from connectors.settings import Settings
    from models.alerting.alert import AlertChange
    from models.alerting.drill import Drill, Why
    from models.commune.configuration import Commune
    from models.commune.drill import Scenario

STOP = "stop"
SIMULATED, REAL = "simulated", "real"
LOOK_S = 1.0
"""Between looks whether something real, or somebody, has ended the drill."""


def drill(
    scenario: Annotated[str, typer.Argument(help="tên kịch bản, hoặc stop để dừng (a scenario, or stop)")],
    contacts: Annotated[
        str | None, typer.Option(help="chỉ những người này, cách bằng dấu phẩy (only these contacts, by id)")
    ] = None,
    to: Annotated[
        str,
        typer.Option(help="simulated: tin dừng trước cổng; real: gửi thật, phải gõ lại tên (sent for real)"),
    ] = SIMULATED,
    speed: Annotated[float, typer.Option(min=0.1, max=600, help="nhanh gấp mấy lần (times as fast)")] = 1.0,
) -> None:
    """Diễn tập một kịch bản, mọi tin mang chữ DIỄN TẬP; cảnh báo thật mức 3 thì dừng ngay (a drill)."""
    own = settings()
    if scenario == STOP:
        _stop(own)
        return
    if to not in (SIMULATED, REAL):
        _refuse(f"--to {to}: cần {SIMULATED} hoặc {REAL} (expected one of these)")
    found, commune = _chosen(own, scenario)
    wanted = [name.strip() for name in (contacts or "").split(",") if name.strip()]
    if contacts is not None and not wanted:
        _refuse("--contacts: không có ai, bỏ đi nếu là tất cả (nobody is named; leave it out for all)")
    known = {contact.id for contact in commune.contacts}
    if unknown := [name for name in wanted if name not in known]:
        _refuse(f"--contacts: không có {', '.join(unknown)} trong contacts.yaml (no such contacts)")
    if to == REAL:
        typed = typer.prompt(
            f"Tin DIỄN TẬP sẽ gửi thật. Gõ lại tên kịch bản (type its name again): {scenario}", default=""
        )
        if typed.strip() != scenario:
            _refuse("Tên không khớp, không gửi gì (the name differs: nothing is sent)")
    _play(own, found, scenario, commune, wanted, speed, real=to == REAL)


def _chosen(own: Settings, name: str) -> tuple[Scenario, Commune]:
    from connectors import commune as files
    from connectors import drills

    try:
        commune = files.load(own.commune)
        return drills.scenario(own.commune, name, commune), commune
    except files.ConfigurationError as error:
        _refuse(str(error))


def _play(
    own: Settings,
    found: Scenario,
    name: str,
    commune: Commune,
    contacts: list[str],
    speed: float,
    *,
    real: bool,
) -> None:
    import psycopg

    from connectors.clock import system
    from connectors.kafka.alerts import AlertLog
    from connectors.timescale import drills
    from models.alerting.drill import OVER, STOPPED, changes_of

    stopping = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopping.set())
    with psycopg.connect(own.dsn("writer"), autocommit=True) as db:
        try:
            begun = drills.begin(db, name, found.name, contacts, real=real, by=getpass.getuser(), at=system())
        except drills.DrillError as error:
            _refuse(str(error))
        typer.echo(f"DIỄN TẬP số {begun.id}: {found.name} (drill {begun.id})")
        why = STOPPED
        try:
            log = AlertLog(own.bootstrap)
            turns = changes_of(found, begun.id, system(), commune)
            if _told_all(turns, found.minutes, speed, log.put, lambda: drills.ended(db, begun), stopping):
                why = OVER
        finally:
            _end(db, begun, why)
        _account(db, begun, commune)


def _told_all(
    turns: list[tuple[float, AlertChange]],
    minutes: float,
    speed: float,
    put: Callable[[AlertChange], None],
    ended: Callable[[], Why | None],
    stopping: threading.Event,
) -> bool:
    """Put each change onto the topic at its minute; True: all was played, and the end waited for."""
    import time

    from connectors.clock import system
    from models.alerting.drill import played_at

    began = time.monotonic()

    def wait(minute: float) -> bool:
        while ended() is None:
            left = began + minute * 60 / speed - time.monotonic()
            if left <= 0:
                return True
            if stopping.wait(min(LOOK_S, left)):
                return False
        return False

    for minute, change in turns:
        if not wait(minute):
            return False
        put(played_at(change, system()))
        typer.echo(
            f"  {_clock(system())} phút {minute:g}: {change.kind}, {change.station}, mức {change.level}"
        )
    return wait(minutes)


def _end(db: psycopg.Connection, begun: Drill, why: Why) -> None:
    from connectors.clock import system
    from connectors.timescale import drills

    with db.transaction():
        going = drills.going_on(db)
        if going is not None and going.id == begun.id:
            drills.end(db, going, why, system())
            db.execute("notify phusa_outbox")


def _account(db: psycopg.Connection, begun: Drill, commune: Commune) -> None:
    from connectors.timescale import drills
    from models.alerting.drill import accounting

    ended = drills.ended(db, begun)
    if ended is not None:
        typer.echo(f"KẾT THÚC: {ended.vi} (ended: {ended.en})")
    names = {contact.id: contact.name for contact in commune.contacts}
    told = drills.told(db, begun, list(names))
    for vi, en in accounting(told, names):
        typer.echo(f"  {vi}\n    {en}")
    if not told:
        typer.echo("  Không ai được báo (nobody was told)")


def _stop(own: Settings) -> None:
    import psycopg

    from connectors import commune as files
    from connectors.timescale import drills
    from models.alerting.drill import STOPPED

    with psycopg.connect(own.dsn("writer"), autocommit=True) as db:
        with db.transaction():
            going = drills.going_on(db)
        if going is None:
            typer.echo("Không có cuộc diễn tập nào (no drill goes on)")
            return
        _end(db, going, STOPPED)
        _account(db, going, files.load(own.commune))


def _clock(at: datetime) -> str:
    from models.alerting.words import VIETNAM

    return f"{at.astimezone(VIETNAM):%H:%M:%S}"


def _refuse(words: str) -> NoReturn:
    typer.echo(f"LỖI / ERROR: {words}", err=True)
    raise typer.Exit(1)
