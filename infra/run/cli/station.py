"""`phusa station`: passwords of the stations at the MQTT broker that we run, each with rights on its own topics only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from connectors.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.settings import Settings

app = typer.Typer(help="Mật khẩu MQTT của từng trạm (each station's MQTT password).", no_args_is_help=True)
Station = Annotated[str, typer.Argument(metavar="ID", help="mã trạm trong stations.yaml (the station's id)")]


@app.command()
def add(
    station: Station,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="đổi mật khẩu, cái cũ hết dùng ngay (change it; the old one ends)")
    ] = False,
) -> None:
    """Cho một trạm mật khẩu riêng, in một lần những gì gõ vào máy ghi (a password for a station, shown once)."""
    from connectors.clock import system
    from infra.run.stack import broker_access, certificates

    own = _ours()
    known = _known(own)
    if station not in known:
        _refuse(
            f"{station}: không có trạm này trong cấu hình ({own.commune}). Có: {', '.join(known)}",
            f"{station}: no station of the configuration. There are: {', '.join(known)}",
        )
    with _refusals():
        # What cannot be told afterwards must not be given.
        certificates.require(own, system())
        password = broker_access.add(own, station, again=again)
    typer.echo("\n".join(instructions(own, station, password)))
    _tell_broker(own)


@app.command("list")
def list_() -> None:
    """Trạm nào đã có mật khẩu (which stations have a password)."""
    from infra.run.stack import broker_access

    own = _ours()
    known, having = _known(own), broker_access.stations(own)
    for station, name in known.items():
        words = "có mật khẩu (has a password)" if station in having else "chưa có (none)"
        typer.echo(f"{station}  {name}  {words}")
    for station in having:
        if station not in known:
            typer.echo(
                f"{station}  không còn trong cấu hình (no longer in the configuration): phusa station remove {station}"
            )


@app.command()
def remove(station: Station) -> None:
    """Bỏ mật khẩu của một trạm; đang nối cũng bị ngắt (take it away; a connected station is dropped)."""
    from infra.run.stack import broker_access

    own = _ours()
    with _refusals():
        broker_access.remove(own, station)
    typer.echo(f"{station}: đã bỏ mật khẩu (its password is gone)")
    _tell_broker(own)


def instructions(own: Settings, station: str, password: str) -> list[str]:
    """What a person types into the station's logger, in both languages."""
    from infra.run.stack import certificates
    from models.telemetry.station_topic import PREFIX

    outside = own.mqtt_outside
    host, port = own.mqtt_address
    tls, more = "không (no)", []
    if outside is None:
        more = [
            f"Địa chỉ này chỉ tới được từ chính máy này. Trạm ở ngoài: đặt {OUTSIDE}, phusa up, rồi --again.",
            f"Only this machine reaches that address. For the field: set {OUTSIDE}, phusa up, then --again.",
        ]
    elif own.mqtt_certificate is not None:
        host, port = certificates.names(own.mqtt_certificate)[0], outside.port
        tls = "có (yes)"
        signer = certificates.issuer(own.mqtt_certificate)
        more = [
            f"Máy ghi phải tin nơi ký chứng thư của máy chủ: {signer}",
            "The logger must trust the authority of the server's certificate, named above.",
        ]
        if own.mqtt_station_ca is not None:
            more += [
                f"Trạm phải có chứng thư riêng, do nơi ký trong {own.mqtt_station_ca} cấp.",
                "The station needs a certificate of its own, of that authority.",
            ]
    return [
        f"Gõ vào máy ghi của trạm {station} (type this into the logger):",
        f"  địa chỉ (address)     {host}",
        f"  cổng (port)           {port}",
        f"  TLS                   {tls}",
        f"  chủ đề (topic)        {PREFIX}{station}",
        "  QoS                   1",
        f"  tên (user)            {station}",
        f"  mật khẩu (password)   {password}",
        "Mật khẩu chỉ hiện lần này (the password is shown this once).",
        *more,
    ]


OUTSIDE = "PHUSA_MQTT_LISTEN, _CERTIFICATE, _KEY"


def _ours() -> Settings:
    """The settings; ends where the broker is not ours."""
    own = settings()
    if own.mqtt is not None:
        _refuse(
            f"PHUSA_MQTT={own.mqtt}: máy chủ MQTT này không do ta chạy; tạo người dùng cho trạm ở đó",
            f"PHUSA_MQTT={own.mqtt}: we do not run this broker; make the station's user there",
        )
    return own


def _known(own: Settings) -> dict[str, str]:
    """{station: name} of the configuration."""
    from connectors import commune

    try:
        return {station.id: station.name for station in commune.load(own.commune).stations}
    except commune.ConfigurationError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error


def _tell_broker(own: Settings) -> None:
    from infra.run.stack.broker_reload import reload

    if not reload(own):
        typer.echo(
            "Máy chủ MQTT chưa chạy: có hiệu lực từ lần phusa up tới (the broker does not run: from the next phusa up)",
            err=True,
        )


def _refuse(vi: str, en: str) -> NoReturn:
    typer.echo(f"LỖI / ERROR: {vi}\n{en}", err=True)
    raise typer.Exit(1)


@contextmanager
def _refusals() -> Iterator[None]:
    """Say what the stack refuses, without a traceback."""
    from infra.run.stack import StackError

    try:
        yield
    except StackError as error:
        _refuse(error.vi, error.en)
