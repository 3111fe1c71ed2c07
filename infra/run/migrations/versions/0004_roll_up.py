"""The roll-up of our own by weeks, where the server has none."""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The Community edition rolls up by itself."""
    if context.config.attributes["level"] != "community":
        op.get_bind().exec_driver_sql((SQL / "0004_roll_up.sql").read_text(encoding="utf-8"))
