"""`phusa announce`: what the loudspeakers of the hamlets are to say: look, approve, refuse, say something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from connectors import clock
from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from connectors.timescale.announcements import Listed
    from models.commune.configuration import Commune, Contact

app = typer.Typer(
    help="Lời phát qua loa: xem, duyệt, từ chối, nói (announcements: look, approve, refuse, say).",
    no_args_is_help=True,
)
T = TypeVar("T")

Number = Annotated[int, typer.Argument(help="số của lời phát (its number)", min=1)]
By = Annotated[str, typer.Option("--by", help="ai: mã hoặc tên trong contacts.yaml (who: id or name)")]
STATES = {
    "waiting": "ĐỢI DUYỆT",
    "approved": "đã duyệt",
    "refused": "từ chối",
    "overtaken": "có lời mới hơn",
    "expired": "quá cũ",
}


@app.command("list")
def show(
    hours: Annotated[int, typer.Option(help="trong mấy giờ qua (of the last hours)", min=1)] = 24,
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Liệt kê lời phát đợi duyệt và gần đây (what waits, and what was)."""
    import msgspec

    from connectors.timescale import announcements

    found = _in_store(lambda connection: announcements.listed(connection, hours))
    if as_json:
        typer.echo(msgspec.json.encode(found))
        return
    for one in found:
        _print(one)
    typer.echo(f"{len(found)} lời phát (announcements)")


def _print(one: Listed) -> None:
    drill = "  DIỄN TẬP / EXERCISE" if one.exercise else ""
    typer.secho(f"{one.id}  {STATES[one.state]} ({one.state})  {one.seconds:.1f} s{drill}", bold=True)
    typer.echo(f"  {one.text}")
    until = one.expires_at.astimezone(clock.VIETNAM)
    who = (
        f"duyệt (approved): {one.approved_by}"
        if one.approved_by
        else f"từ chối (refused): {one.refused_by or '–'}"
    )
    typer.echo(
        f"  yêu cầu (asked): {one.asked_by}; {who}; thôn (hamlets): {', '.join(one.hamlets)}; tới (until) {until:%H:%M %d/%m}"
    )
    for play in one.plays:
        typer.echo(f"  {play}")


@app.command()
def approve(number: Number, by: By) -> None:
    """Cho phát; phải là người khác với người yêu cầu (let it be played; never by who asked for it)."""
    from connectors.timescale.approvals import Decision, decide
    from models.alerting.approval import Standing

    commune = _commune()
    who = _person(by, commune)
    decision = Decision(number, who, Standing.APPROVED)
    found = _in_store(lambda connection: decide(connection, decision, commune, clock.system()))
    if found.why is not None:
        _fail(f"{found.why.vi} ({found.why.en})")
    names = ", ".join(found.loudspeakers) or "không loa nào nghe được (no loudspeaker)"
    typer.echo(f"{who.name} duyệt lời {number}; phát ở: {names} (approved, played at these)")


@app.command()
def refuse(number: Number, by: By) -> None:
    """Không cho phát (do not let it be played)."""
    from connectors.timescale import approvals
    from models.alerting.approval import Standing

    who = _person(by, _commune())

    def work(connection: psycopg.Connection) -> None:
        asked = approvals.asked(connection, number)
        if asked is None:
            _fail(f"Không có lời phát số {number} (no announcement {number})")
        if asked.state is not Standing.WAITING:
            _fail(
                f"Lời {number} không còn đợi duyệt: {STATES[asked.state]} (it no longer waits: {asked.state})"
            )
        approvals.refuse(connection, number, who.id, clock.system())

    _in_store(work)
    typer.echo(f"{who.name} từ chối lời {number} (refused)")


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="lời, tiếng Việt (the words, in Vietnamese)")],
    by: By,
    hamlet: Annotated[
        list[str] | None,
        typer.Option("--hamlet", help="mã thôn, ghi được nhiều lần; không ghi: toàn xã (code; none: all)"),
    ] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="diễn tập (a drill)")] = False,
) -> None:
    """Yêu cầu phát một lời; người khác phải duyệt (ask for words to be said; somebody else has to approve)."""
    from connectors.loudspeaker.voice import VoiceError, voice
    from connectors.timescale import announcements
    from models.alerting.announcement import DRILL, LONGEST_S
    from models.alerting.approval import who_may
    from models.alerting.spoken import spoken

    commune = _commune()
    who, now = _person(by, commune), clock.system()
    hamlets = _hamlets(hamlet or [], commune)
    said = spoken(f"{DRILL} {text}" if exercise else text)
    try:
        speech = voice().speak(said)
    except VoiceError as error:
        _fail(str(error))
    if speech.seconds > LONGEST_S:
        _fail(
            f"Lời dài {speech.seconds:.1f} giây, tối đa {LONGEST_S:g}: hãy viết ngắn hơn (it takes {speech.seconds:.1f} s, at most {LONGEST_S:g})"
        )
    new = announcements.New(
        f"said|{who.id}|{round(now.timestamp() * 1000)}",
        said,
        speech.seconds,
        hamlets,
        who.id,
        now,
        exercise=exercise,
    )
    own = settings()
    number = _in_store(lambda connection: announcements.add(connection, new, now, own.announcement_wait_s))
    typer.echo(
        f"Lời {number}, {speech.seconds:.1f} giây, đợi người khác duyệt (waits for somebody else): {said}"
    )
    may = ", ".join(f"{one.name} ({one.id})" for one in who_may(commune) if one.id != who.id)
    typer.echo(
        f"Duyệt được (who may): {may or 'không ai, xem loudspeakers.yaml (nobody)'}; trên trang điện thoại, link trong tin nhắn gần đây của họ, "
        f"hoặc (there, or) phusa announce approve {number} --by MÃ"
    )


def _commune() -> Commune:
    from connectors import commune as folder

    return folder.load(settings().commune)


def _person(name: str, commune: Commune) -> Contact:
    from models.alerting.approval import person

    found = person(name, commune)
    if found is None:
        known = ", ".join(one.id for one in commune.contacts)
        _fail(f"Không có ai tên {name!r} trong contacts.yaml; có: {known} (nobody of that name)")
    return found


def _hamlets(codes: list[str], commune: Commune) -> list[str]:
    standing = [one.code for one in commune.hamlets if one.valid_to is None]
    for code in codes:
        if code not in standing:
            _fail(f"--hamlet: không có thôn {code!r}; có: {', '.join(standing)} (no such hamlet)")
    return codes or standing


def _in_store(work: Callable[[psycopg.Connection], T]) -> T:
    from connectors.timescale.connection import Store

    store = Store(settings().dsn("writer"))
    try:
        return store.transaction(work)
    finally:
        store.close()


def _fail(words: str) -> NoReturn:
    typer.echo(f"LỖI / ERROR: {words}", err=True)
    raise typer.Exit(2)
