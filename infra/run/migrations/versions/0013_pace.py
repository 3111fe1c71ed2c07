"""How often each camera is looked at."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level: one row a camera."""
    op.get_bind().exec_driver_sql((SQL / "0013_pace.sql").read_text(encoding="utf-8"))
