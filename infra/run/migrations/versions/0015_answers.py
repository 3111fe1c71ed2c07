"""Events that people can answer, and the ways by which they are told and answer."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"

SQL = Path(__file__).resolve().parent.parent / "sql"
PARTS = ("0015_events", "0015_canary", "0015_drill")


def upgrade() -> None:
    """The same at every level."""
    for name in PARTS:
        op.get_bind().exec_driver_sql((SQL / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))
