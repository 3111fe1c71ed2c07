"""Programs, positions with lag, rejects, alerts, messages, and the troubles of the platform in words."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from infra.run.stack.place import place
from infra.run.status import words
from infra.run.status.words import ALL, SICK, STATES
from models.catalogue.states import State
from models.places.words import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connectors.settings import Settings
    from connectors.timescale.situation import Situation
    from connectors.timescale.spending import Month
    from infra.run.stack.supervisor import ProgramState

STEP = " → "
"""Between what is wrong and what to do."""
STILL = timedelta(minutes=10)
"""The same as in the SQL function places_at."""
NAMED = 3
"""Cameras that never connected, each with a line of its own; more are counted."""
FRESH_S = 180
"""What was told of the cameras' paces longer ago is of a flow that stands, which is said elsewhere."""


def gather(own: Settings) -> dict[str, Any]:
    """All of it, as `--json` prints it; `troubles` are sentences, each "what is wrong → what to do"."""
    import msgspec
    import psycopg
    from confluent_kafka import KafkaException

    from connectors.kafka.lag import ends
    from connectors.timescale.insight import look
    from infra.run import stack

    programs = stack.state(own)
    found: dict[str, Any] = {"programs": msgspec.to_builtins(programs), "troubles": [], "positions": []}
    troubles: list[str] = found["troubles"]
    if place(own).closed:
        troubles.append(
            f"{own.var} là của người dùng khác (belongs to another user){STEP}sudo -u … phusa status"
        )
    elif not programs:
        troubles.append(f"Không có gì đang chạy (nothing runs){STEP}phusa up")
    found["waits"] = _waits(own, programs)
    troubles += [
        f"{program.program}: {STATES[program.state]}{STEP}phusa logs {program.program}"
        for program in programs
        if program.state in SICK
    ]
    cameras = own.var / "cameras.json"
    if os.access(cameras, os.R_OK):
        # As the process `capture` tells it; a camera that is silent for long is an alert.
        found["cameras"] = msgspec.json.decode(cameras.read_bytes())
        troubles += never_connected(found["cameras"], names(own))
    try:
        insight = look(own.dsn("writer"))
    except FileNotFoundError:
        # No password yet: this copy was never started, which is said above.
        return found
    except (psycopg.Error, OSError) as error:
        why = str(error).strip().splitlines()[0]
        troubles.append(
            f"Cơ sở dữ liệu không trả lời (TimescaleDB: {why}){STEP}phusa doctor, phusa logs timescaledb"
        )
        return found
    found |= msgspec.to_builtins(insight)
    troubles += looked_less(found["paces"]) + dear(insight.month)
    _canary(own, found)
    troubles += standing_still(*_said(own))
    try:
        last = ends(own.bootstrap, sorted({at.topic for at in insight.positions}))
    except KafkaException as error:
        troubles.append(
            f"Kafka không trả lời (Kafka: {error.args[0].str()}){STEP}phusa doctor, phusa logs kafka"
        )
        return found
    for row, at in zip(found["positions"], insight.positions, strict=True):
        beyond = [part for part, end in last[at.topic].items() if at.next_offsets.get(str(part), 0) > end]
        if beyond:
            troubles.append(
                f"{at.flow}: {at.topic}{beyond} kết thúc trước chỗ đã đọc (ends before our place){STEP}phusa up"
            )
        row["lag"] = sum(
            max(0, end - at.next_offsets.get(str(part), 0)) for part, end in last[at.topic].items()
        )
    return found


def standing_still(said: datetime | None, now: datetime) -> list[str]:
    """A sentence where the places were last told longer than `STILL` before `now`: what the screens say then is of before.

    `said` None: nothing was ever told, which a platform that has just begun may be.
    """
    if said is None or now - said <= STILL:
        return []
    return [f"places đứng yên từ {clock(said, now)} (stands still since then){STEP}phusa logs places"]


def dear(month: Month | None) -> list[str]:
    """A sentence where the month's budget of messages is nearly or all spent."""
    from models.alerting.budget import sentence
    from models.commune.routing import Budget

    told = None if month is None else sentence(month.spent_vnd, Budget(month.month_vnd, month.warn_share))
    return [] if told is None else [f"{told[0]} ({told[1]}){STEP}phusa messages"]


def _said(own: Settings) -> tuple[datetime | None, datetime]:
    import psycopg

    from connectors.timescale.situation import said_at
    from infra.run.status.clock import platform_now

    now = platform_now(own)
    try:
        return said_at(own.dsn("reader")), now
    except (psycopg.Error, OSError):  # that the store is away is another trouble
        return None, now


def _canary(own: Settings, found: dict[str, Any]) -> None:
    """How old the canary is, among the troubles where it is late, and among what is waited for where it never came."""
    import msgspec
    import psycopg

    from connectors.clock import system
    from connectors.timescale.canary import canary_state

    if not own.sends_canary:
        return
    try:
        with psycopg.connect(own.dsn("reader"), connect_timeout=5) as db:
            state = canary_state(db, system())
    except (psycopg.Error, OSError, LookupError):  # that the store is away is another trouble
        return
    found["canary"] = msgspec.to_builtins(state)
    if state.state == State.WARNING:
        found["troubles"].append(
            f"{state.vi} ({state.en}){STEP}phusa doctor, phusa logs telemetry, alerts, delivery"
        )
    elif state.age_s is None:
        found["waits"].append(f"{state.vi} ({state.en})")


def looked_less(paces: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence where the machine does not hold all cameras at their rate; `paces` as the store keeps them."""
    fewer = [pace for pace in paces if pace["share"] < ALL and pace["age_s"] <= FRESH_S]
    if not fewer:
        return []
    held, wished = fewer[0]["held"] or 0.0, fewer[0]["wished"] or 0.0
    slowest = max(pace["every_s"] for pace in fewer)
    first = "sông đang lên: điểm ngập và cổng trước" if fewer[0]["rising"] else "điểm ngập, cổng và chợ trước"
    return [
        (
            f"Máy này xem được {held:.0f} trong {wished:.0f} ảnh/s: {len(fewer)} camera được nhìn thưa hơn, thưa nhất mỗi {slowest:.0f} s, {first} "
            f"(the machine holds {held:.0f} of {wished:.0f} pictures/s: {len(fewer)} cameras are looked at less often)"
            f"{STEP}dùng luồng phụ của camera, hoặc PHUSA_CAMERAS_SHARDS trên máy thứ hai (a smaller stream, or a second machine)"
        )
    ]


def never_connected(cameras: dict[str, dict[str, int]], known: Mapping[str, str]) -> list[str]:
    """A sentence for each camera that has never sent a picture since the process `capture` began, with its tries.

    `known` are names by id; a camera that the configuration has lost keeps its id.
    """
    lost = [
        (name, counts["failures"])
        for name, counts in sorted(cameras.items())
        if not counts["connects"] and counts["failures"]
    ]
    step = f"{STEP}xem địa chỉ, mật khẩu, nguồn điện (see its address, password, power)"
    if len(lost) > NAMED:
        # With forty cameras of an example none of which exists, forty lines would hide what else is wrong.
        first = ", ".join(known.get(name, name) for name, _ in lost[:NAMED])
        return [
            (
                f"{len(lost)} camera chưa kết nối được lần nào từ khi capture chạy, như {first} "
                f"({len(lost)} cameras never connected since capture began){step}"
            )
        ]
    return [
        f"{known.get(name, f'camera {name}')}: chưa kết nối được lần nào từ khi capture chạy, {tries} lần thử hỏng "
        f"(never connected since capture began, {tries} failed tries){step}"
        for name, tries in lost
    ]


def situation(own: Settings) -> Situation | None:
    """Places and open alerts in the words of all screens; None where the store is away or older than these."""
    import psycopg

    from connectors.timescale.situation import look
    from infra.run.status.clock import platform_now

    try:
        return look(own.dsn("reader"), platform_now(own))
    except (psycopg.Error, OSError):
        return None


def names(own: Settings) -> dict[str, str]:
    """The names of stations and cameras by id, of merchants and zones by `words.of_...`; none where the configuration cannot be read, which `phusa check` says."""
    from connectors import commune

    try:
        found = commune.load(own.commune)
    except (OSError, commune.ConfigurationError):
        return {}
    return (
        {station.id: station.name for station in found.stations}
        | {camera.id: camera.name for camera in found.cameras}
        # A merchant may have the code of a camera: they are two places.
        | {
            words.of_zone(camera.id, zone.parameter): zone.name
            for camera in found.cameras
            for zone in camera.zones
        }
        | {words.of_merchant(merchant.code): merchant.name for merchant in found.merchants}
    )


def _waits(own: Settings, programs: list[ProgramState]) -> list[str]:
    """Who runs and is not ready, by what it waits for."""
    from connectors import readiness
    from infra.run.processes import TABLE, process_of, ready_file
    from infra.run.stack.patience import sentence

    needs = {
        program.program: readiness.read(ready_file(own, program.program), program.pid)
        for program in programs
        if process_of(program.program) in TABLE and program.state not in SICK
    }
    late = {name: wanted for name, wanted in needs.items() if wanted != []}
    return [f"{vi} ({en})" for vi, en in [sentence(late)] if late]
