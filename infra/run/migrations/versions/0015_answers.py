"""Events that people can answer, and the ways by which they are told and answer."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"

SQL = Path(__file__).resolve().parent.parent / "sql"
PARTS = (
    "0015_events",
    "0015_ladder",
    "0015_ways",
    "0015_playbook",
    "0015_loudspeaker",
    "0015_canary",
    "0015_answered",
    "0015_sending",
    "0015_drill",  # the last: it rewrites functions as they stand
)


def upgrade() -> None:
    """The same at every level."""
    for name in PARTS:
        op.get_bind().exec_driver_sql((SQL / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))
