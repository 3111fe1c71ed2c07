"""A drill by its command on the running platform: told through every real part, and nobody's phone rings."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from connectors.settings import Settings
from tests.conftest import environment
from tests.gateways import messages

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_a_simulated_drill_goes_the_whole_way_and_stops_before_the_gateways(running: Settings) -> None:
    command = [
        sys.executable,
        "-m",
        "infra.phusa",
        "drill",
        "fish",
        "--speed",
        "40",
        "--contacts",
        "cooperative",
    ]
    done = subprocess.run(
        command, env=os.environ | environment(running), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "KẾT THÚC: đã diễn xong" in done.stdout
    assert "Hợp tác xã nuôi cá lồng" in done.stdout
    assert messages(running.gateway_url) == []
    with psycopg.connect(running.dsn("writer")) as db:
        told = db.execute(
            "select distinct contact, state in ('delivered', 'muted', 'merged', 'expired', 'pending', 'sending') from notification where exercise"
        ).fetchall()
        texts = db.execute(
            "select count(*) from notification where exercise and sms_text not like 'DIEN TAP%'"
        ).fetchone()
        open_ = db.execute("select count(*) from alert where exercise and cleared_at is null").fetchone()
    assert told == [("cooperative", True)]
    assert (texts, open_) == ((0,), (0,))
