"""One event, one message: what notifications tell together, and why one was not told."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0009_grouping.sql").read_text(encoding="utf-8"))
