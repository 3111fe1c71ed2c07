"""Records of floods, and the evidence of alerts."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0006_river.sql").read_text(encoding="utf-8"))
