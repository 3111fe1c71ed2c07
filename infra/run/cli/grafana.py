"""`phusa grafana`: `apply` brings data source and dashboards into a running Grafana, `open` prints where the screens are."""

from __future__ import annotations

import typer

from connectors.settings import settings

app = typer.Typer(help="Bảng theo dõi trong Grafana (dashboards in Grafana).", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Bảng theo dõi trong Grafana (dashboards in Grafana)."""


@app.command()
def apply() -> None:
    """Đưa nguồn dữ liệu và bảng theo dõi vào Grafana đang chạy (data source and dashboards into a running Grafana)."""
    import json

    from connectors.grafana.client import GrafanaError, GrafanaSettings
    from connectors.grafana.client import apply as bring
    from dashboards.__main__ import SCREENS

    try:
        for line in bring(
            GrafanaSettings.of(settings()), [json.loads(to_json()) for to_json in SCREENS.values()]
        ):
            typer.echo(line)
    except GrafanaError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error


@app.command("open")
def show() -> None:
    """In địa chỉ của từng màn hình (print the address of each screen)."""
    from infra.run.stack import grafana, ports

    own = settings()
    for title, link in grafana.links(own):
        typer.echo(f"{title}\n  {link}")
    if own.grafana is None and not ports.answers("127.0.0.1", own.grafana_port):
        vi, en = grafana.instead(own)
        typer.echo(
            f"Grafana chưa trả lời ở cổng {own.grafana_port}: phusa up, rồi phusa logs grafana. {vi}\n"
            f"Grafana does not answer there: phusa up, then phusa logs grafana. {en}",
            err=True,
        )
        raise typer.Exit(1)
    if own.grafana is None:
        vi, en = grafana.who(own)
        typer.echo(f"{vi} ({en})")
