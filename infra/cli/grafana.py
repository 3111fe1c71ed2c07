"""`phusa grafana apply`: data source and dashboards into a running Grafana."""

from __future__ import annotations

import json

import typer

from connectors.grafana.client import GrafanaError, GrafanaSettings
from connectors.grafana.client import apply as bring
from connectors.settings import settings
from dashboards.control_room import to_json


def apply() -> None:
    """Apply, and say what was done; exit 1 with the reason when Grafana refuses."""
    try:
        for line in bring(GrafanaSettings.of(settings()), [json.loads(to_json())]):
            typer.echo(line)
    except GrafanaError as error:
        typer.echo(f"LỖI / ERROR: {error}", err=True)
        raise typer.Exit(1) from error
