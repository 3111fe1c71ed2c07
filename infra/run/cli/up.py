"""`phusa up`, `phusa down`: the stack of this copy."""

from __future__ import annotations

from typing import Annotated

import typer

from connectors.commune import ConfigurationError
from connectors.settings import settings
from infra.run import stack


def up(
    servers_only: Annotated[
        bool,
        typer.Option(
            "--servers-only", help="chỉ máy chủ, không chạy tiến trình (servers, no processes of ours)"
        ),
    ] = False,
) -> None:
    """Khởi động mọi thứ; gọi lại cũng vô hại (start everything; harmless when it runs)."""
    own = settings()
    try:
        stack.up(own, names=() if servers_only else None)
    except (stack.StackError, ConfigurationError) as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"Đang chạy (running). MQTT {own.mqtt_address[0]}:{own.mqtt_address[1]}, Kafka {own.bootstrap}"
    )
    if own.mqtt_outside is not None:
        where = own.mqtt_outside
        typer.echo(
            f"Trạm ở ngoài (stations of the field): {where.host}:{where.port}, TLS; phusa station add ID"
        )
    if not servers_only:
        typer.echo(
            f"Trang thông tin (information page): {own.page_url}/ ; phòng trực (the room): {own.page_url}/wall"
        )
    if not servers_only and own.gateway_is_local:
        typer.echo(f"Hộp thư điện thoại (phone inbox): {own.gateway_url}")
    if any(one.program == "grafana" for one in stack.state(own)):
        from infra.run.stack.grafana import address

        typer.echo(f"Grafana: {address(own)}/ ; từng màn hình (each screen): phusa grafana open")
    typer.echo("Xem (look): phusa status. Dừng (stop): phusa down")


def prepare() -> None:
    """Tạo chủ đề, lược đồ, bảng tham chiếu, không chạy gì (topics, schema, reference rows; starts nothing)."""
    from connectors import commune
    from connectors.mqtt import session
    from infra.run.stack import credentials, lifecycle

    own = settings()
    lifecycle.prepare(own)
    credentials.provision(own, commune.load(own.commune))
    session.reserve(lifecycle.bridge_settings(own))


def down() -> None:
    """Dừng mọi thứ; dữ liệu vẫn còn (stop everything; data stay)."""
    ran = stack.down(settings())
    typer.echo("Đã dừng (stopped)." if ran else "Không có gì đang chạy (nothing was running).")
