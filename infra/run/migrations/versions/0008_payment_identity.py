"""Payments: what makes two tellings the same, one transfer told by two feeds, money that a person must look at."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level."""
    op.get_bind().exec_driver_sql((SQL / "0008_payment_identity.sql").read_text(encoding="utf-8"))
