"""Revisions of derived values, and the history of levels in event time."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0007_late.sql").read_text(encoding="utf-8"))
