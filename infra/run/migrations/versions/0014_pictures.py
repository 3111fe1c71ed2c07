"""The newest picture of each camera that watches water, and which zones screens tell apart."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0014_pictures.sql").read_text(encoding="utf-8"))
