"""`phusa grafana apply`: data source and dashboards into a running Grafana."""

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
