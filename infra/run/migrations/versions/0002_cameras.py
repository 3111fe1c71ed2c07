"""Cameras and zones, pictures of alerts, and frames that ended still or dropped."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    """The same at every level: what grows with the frames is in `observation`, which has its level already."""
    op.get_bind().exec_driver_sql((SQL / "0002_cameras.sql").read_text(encoding="utf-8"))
