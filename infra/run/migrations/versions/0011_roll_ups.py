"""Roll-ups of people and payments, so that screens read buckets; wider chunks of observations; what the platform measures of itself."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "0011"
down_revision = "0010"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """Tables and functions are the same everywhere; only hypertables have chunks."""
    connection = op.get_bind()
    for name in ("0011_people", "0011_money", "0011_indexes", "0011_platform"):
        connection.exec_driver_sql((SQL / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))
    if context.config.attributes["level"] != "postgresql":
        connection.exec_driver_sql((SQL / "0011_chunks.sql").read_text(encoding="utf-8"))
