"""What is said of each place, and the functions that screens, the page and messages read it by."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0010_places.sql").read_text(encoding="utf-8"))
