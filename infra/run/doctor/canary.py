"""How old the canary is, and whether somebody is told by another way when it is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from connectors.administrator import FILE, Administrator, administrator
from connectors.clock import system
from connectors.timescale.canary import CanaryState, canary_state
from infra.run.doctor.line import Line, bad, good, unknown
from models.catalogue.states import State

if TYPE_CHECKING:
    from connectors.settings import Settings


def look(own: Settings) -> list[Line]:
    """Both lines; only that it is off where no canary goes."""
    if not own.sends_canary:
        return [unknown("Tin thử: đã tắt", "The canary is off", "PHUSA_CANARY=true", "PHUSA_CANARY=true")]
    try:
        with psycopg.connect(own.dsn("reader"), connect_timeout=3) as db:
            lines = [age(canary_state(db, system()))]
    except (psycopg.Error, OSError, LookupError):
        lines = [unknown("Tin thử: không hỏi được", "The canary: cannot be asked for")]
    try:
        told = administrator(own.secrets_dir)
    except (OSError, ValueError):
        told = None
    return [*lines, other_way(told)]


def age(state: CanaryState) -> Line:
    """Whether the canary has gone the whole way lately."""
    if state.age_s is None:
        return unknown(state.vi, state.en, "chờ 2 phút; phusa logs canary", "wait 2 min; phusa logs canary")
    if state.state != State.WARNING:
        return good(state.vi, state.en)
    return bad(
        state.vi,
        state.en,
        "phusa logs canary, bridge, telemetry, alerts, delivery: chương trình đầu tiên báo lỗi là chỗ tắc",
        "look at these logs in this order: the first with an error is where it is stuck",
    )


def other_way(own: Administrator | None) -> Line:
    """Whether the administrator can be told; None: the file cannot be read."""
    where = f"var/secrets/{FILE}"
    if own is None:
        step = "sửa theo sổ tay (mục Tin thử)", "mend it as the runbook says"
        return bad(f"{where}: không đọc được", f"{where}: cannot be read", *step)
    if own.reachable:
        return good("Quản trị viên có đường báo riêng", "The administrator can be told by another way")
    return unknown(
        "Tin thử trễ thì không ai được báo",
        "Nobody is told when the canary is late",
        f"ghi webhook hoặc mail vào {where} (sổ tay)",
        f"write a webhook or mail into {where} (runbook)",
    )
