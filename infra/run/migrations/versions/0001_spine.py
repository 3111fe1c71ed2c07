"""Readings, alerts, notifications, rejects; then what this server's level adds."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The tables are the same everywhere; hypertables and roll-ups depend on the level."""
    level = context.config.attributes["level"]
    connection = op.get_bind()
    for name in ("0001_tables", f"0001_{level}", "0001_views"):
        connection.exec_driver_sql((SQL / f"{name}.sql").read_text(encoding="utf-8"))
    connection.exec_driver_sql(f"insert into phusa.capability (level) values ('{level}')")
