"""`phusa camera`: teach a camera its place, and take that back."""

from __future__ import annotations

import getpass
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from connectors.settings import Settings
    from connectors.teach.pictures import Taken
    from connectors.teach.session import Session
    from models.vision.camera import Camera
    from models.vision.taught import Taught

app = typer.Typer(
    help="Dạy camera nhận ra nước ở chỗ của nó (teach a camera its place).", no_args_is_help=True
)
Code = Annotated[str, typer.Argument(metavar="ID", help="mã camera trong cameras.yaml (the camera's id)")]
LIVE = 12
"""Pictures of the camera itself, where Kafka holds none."""
LINES = 40
"""Of what it would have said are shown."""


@app.command()
def teach(
    camera: Code,
    *,
    pictures: Annotated[
        Path | None,
        typer.Option(help="thư mục ảnh; không có thì lấy ảnh đã lưu, rồi từ camera (folder of pictures)"),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="JSON: {labels, zones, ground, rest}; không mở trang (no page)")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="nhận ngay những gì đã học (accept what is learned)")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="ghi hình vẽ vào cameras.yaml (write what was drawn)")
    ] = False,
    by: Annotated[str, typer.Option(help="người dạy (who teaches)")] = "",
    port: Annotated[int, typer.Option(help="cổng của trang; 0 tự chọn (the page's port; 0: any)")] = 0,
) -> None:
    """Vẽ vùng nước, gán nhãn vài mẫu, học, xem thử, nhận (draw, label, learn, see, accept)."""
    own = settings()
    session = _session(own, _camera(own, camera), pictures)
    teacher = by or getpass.getuser()
    if labels is None:
        _page(own, session, port)
    else:
        _by_file(own, session, labels, teacher, accept=accept)
    if session.work.zones or session.work.ground:
        _proposal(own, session, write=write)


@app.command()
def forget(camera: Code) -> None:
    """Bỏ những gì camera đã học; từ đó nó không báo nước nữa (take back what it learned: it tells no water)."""
    from connectors.teach.store import forget as take_back

    own = settings()
    _camera(own, camera)
    taken = take_back(own.dsn("writer"), camera)
    typer.echo(f"{camera}: đã bỏ {taken} lần dạy ({taken} teachings taken back)")


def _camera(own: Settings, wanted: str) -> Camera:
    from connectors.commune import load

    cameras = load(own.commune).cameras
    found = next((each for each in cameras if each.id == wanted), None)
    if found is None:
        listed = ", ".join(each.id for each in cameras) or "-"
        _refuse(f"{wanted}: không có camera này trong cấu hình. Có: {listed} (no such camera)")
    return found


def _session(own: Settings, camera: Camera, folder: Path | None) -> Session:
    from connectors.teach.session import Session
    from connectors.teach.store import newest
    from connectors.timescale.connection import LOST
    from connectors.weights import resolve, resolve_water
    from models.vision.load import load
    from models.vision.water_net import load_segmenter

    taken = _pictures(own, camera, folder)
    detector = load(resolve(own.weights, own.var / "weights"), threads=own.vision_threads)
    segment = load_segmenter(resolve_water(own.water_weights), threads=own.vision_threads)
    try:
        before = newest(own.dsn("reader")).get(camera.id)
    except (*LOST, OSError) as error:
        _refuse(f"không tới được kho dữ liệu, phusa up trước: {error} (the store is away)")
    return Session(camera, taken, (detector, segment), before)


def _pictures(own: Settings, camera: Camera, folder: Path | None) -> list[Taken]:
    from connectors.cameras.address import scrubbed
    from connectors.clock import system
    from connectors.teach import pictures

    try:
        if folder is not None:
            return pictures.of_folder(folder)
        found = pictures.of_kafka(own, camera.id)
        return found or pictures.of_camera(own, camera, system, LIVE)
    except pictures.FAILURES as error:
        _refuse(f"không lấy được ảnh: {scrubbed(str(error))} (no pictures)")


def _by_file(own: Settings, session: Session, labels: Path, by: str, *, accept: bool) -> None:
    import msgspec

    from connectors.teach.session import UnusableError, Work
    from models.vision.teach import NotTaught

    try:
        wrong = session.put(msgspec.json.decode(labels.read_bytes(), type=Work))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        _refuse(f"{labels}: {error}")
    if wrong:
        _refuse(
            *(
                f"{'.'.join(map(str, each.path[2:]))}: {each.found}; cần {each.expected_vi} (expected {each.expected_en})"
                for each in wrong
            )
        )
    try:
        found = session.learn(by, _now_ms())
    except UnusableError as error:
        _refuse(str(error))
    if isinstance(found, NotTaught):
        _refuse(*(f"{why.vi} ({why.en})" for why in found.reasons))
    _show(session, found)
    if accept:
        _store(own, found)
        typer.echo(
            f"{found.camera}: đã nhận; luồng camera dùng trong 10 giây (accepted; the flow takes it within 10 s)"
        )
    else:
        typer.echo("chưa nhận, thêm --accept (not accepted yet: --accept)")


def _show(session: Session, taught: Taught) -> None:
    said = session.would_have_said(taught)
    for each in said[:LINES]:
        sure = "" if each.confidence is None else f"  {each.confidence:.2f}"
        typer.echo(f"  {each.picture}  {each.parameter}  {each.value:.0f}  cờ (flag) {each.flag}{sure}")
    if len(said) > LINES:
        typer.echo(f"  … {len(said) - LINES} dòng nữa (more lines)")
    for zone, own in taught.zones.items():
        lights = ", ".join(f"{dry.light} {dry.pictures}" for dry in own.dry if dry.hour < 0)
        typer.echo(f"{zone}: ảnh khô (dry pictures) {lights}; ngưỡng (water from) {own.water_from:.2f}")


def _page(own: Settings, session: Session, port: int) -> None:
    import uvicorn

    from connectors.teach.application import application

    key = secrets.token_urlsafe(16)
    server = uvicorn.Server(
        uvicorn.Config(
            application(session, key, _now_ms, lambda taught: _store(own, taught)),
            host="127.0.0.1",
            port=port or _free(),
            log_level="warning",
            access_log=False,
        )
    )
    typer.echo(f"Mở (open): http://127.0.0.1:{server.config.port}/?key={key}\nCtrl+C khi xong (when done)")
    server.run()


def _free() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _store(own: Settings, taught: Taught) -> None:
    from connectors.teach.store import accept

    accept(own.dsn("writer"), taught)


def _proposal(own: Settings, session: Session, *, write: bool) -> None:
    from connectors.teach import proposal

    if not write:
        typer.echo(
            f"\n# cameras.yaml, {session.camera.id} (--write ghi vào, writes it):\n{proposal.snippet(session.camera)}"
        )
        return
    found = proposal.write(own.commune, session.camera)
    if found:
        _refuse(
            *(
                f"{each.file}:{each.line}  {each.found}; cần {each.expected_vi} (expected {each.expected_en})"
                for each in found
            )
        )
    typer.echo(
        f"{own.commune / proposal.FILE}: đã ghi; khởi động lại luồng cameras để dùng vùng mới (written; restart the flow cameras for new zones)"
    )


def _now_ms() -> int:
    from connectors.clock import system

    return round(system().timestamp() * 1000)


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(f"LỖI / ERROR: {line}", err=True)
    raise typer.Exit(1)
