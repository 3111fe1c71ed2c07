"""Payments: the ledger, what goes back, the sealed bodies, and who is paid for what."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level: the ledger is no time series, its key is the provider's."""
    op.get_bind().exec_driver_sql((SQL / "0003_payments.sql").read_text(encoding="utf-8"))
