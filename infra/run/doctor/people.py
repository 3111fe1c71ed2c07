"""Facts of servers, gateways, cameras and data as lines: pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from connectors.ways import Credential
from infra.run.doctor.line import Line, bad, good, unknown
from models.alerting.phone import MADE_UP
from models.catalogue.channels import CHANNELS

SHOWN = 5
"""Names in one line; the rest is a number."""
MANY_RESTARTS = 3
"""In a day: once may be the kernel's need of memory, three times is a fault."""

_SETTINGS = ", ".join(row.addresses[0].setting for row in CHANNELS.values())


class Sensor(NamedTuple):
    """One sensor by its names: time of its newest reading, and after how long without one it is silent."""

    name: str
    at: datetime | None
    silent_after_s: float


def closed(var: str) -> Line:
    """The copy is another user's: nothing of it may be looked at."""
    return bad(
        f"{var} là của người dùng khác",
        f"{var} belongs to another user",
        "chạy phusa doctor bằng người dùng đã chạy phusa up",
        "run phusa doctor as the user who ran phusa up",
    )


def programs(count: int, sick: Mapping[str, str]) -> list[Line]:
    """How many run, and those that do not: name -> the supervisor's word for people."""
    if not count:
        return [bad("Không có gì đang chạy", "Nothing runs", "phusa up", "phusa up")]
    lines = [
        bad(f"{name}: {words}", f"{name}: {words}", f"phusa logs {name}", f"phusa logs {name}")
        for name, words in sick.items()
    ]
    return lines or [good(f"{count} chương trình đang chạy", f"{count} programs run")]


def server(title: str, *, answers: bool, expected: bool, setting: str, en: str = "") -> Line:
    """A server. `expected`: it is one that already ran elsewhere (`setting`), or one of ours that should run."""
    en = en or title
    if answers:
        return good(f"{title} trả lời", f"{en} answers")
    if not expected:
        return unknown(f"{title}: chưa chạy", f"{en}: does not run", "phusa up", "phusa up")
    return bad(
        f"{title} không trả lời",
        f"{en} does not answer",
        f"phusa logs; máy chủ có sẵn thì xem {setting}",
        f"phusa logs; of a server of yours see {setting}",
    )


def topics(missing: Collection[str]) -> Line:
    """Kafka's topics of this platform that are not there."""
    if missing:
        names = shown(missing)
        return bad(f"Kafka thiếu chủ đề: {names}", f"Kafka lacks topics: {names}", "phusa up", "phusa up")
    return good("Kafka đủ chủ đề", "Kafka has all topics")


def gateway(title: str, host: str, *, reached: bool, local: bool, runs: bool) -> Line:
    """A gateway of messages: whether a connection is taken; nothing is ever sent. `local`: the one of this machine."""
    if reached:
        what = (
            ("cổng giả trên máy này, tin không ra ngoài", "local, nothing leaves") if local else (host, host)
        )
        return good(f"{title} tới được ({what[0]})", f"{title} reachable ({what[1]})")
    if local and not runs:
        return unknown(f"{title}: chưa chạy", f"{title}: does not run", "phusa up", "phusa up")
    step = (
        ("phusa logs gateway", "phusa logs gateway")
        if local
        else (
            f"xem mạng, tường lửa, {_SETTINGS}",
            "see network, firewall and their settings",
        )
    )
    return bad(f"{title}: không tới được {host}", f"{title}: {host} is not reachable", *step)


def contacts(missing: Collection[str], numbers: Mapping[str, str], *, real: bool) -> Line:
    """Who of the configuration has no number; `real`: messages go to real gateways, where made-up numbers tell nobody."""
    where = "var/secrets/contacts.json"
    if missing:
        names = shown(missing)
        return bad(
            f"Chưa có số điện thoại: {names}",
            f"No phone number: {names}",
            f"ghi vào {where}",
            f"write it into {where}",
        )
    unreal = [name for name, number in numbers.items() if number.startswith(MADE_UP)]
    if real and unreal:
        names = shown(unreal)
        return bad(
            f"Số giả, tin sẽ không tới: {names}", f"Made-up numbers: {names}", f"sửa {where}", f"mend {where}"
        )
    return good(f"{len(numbers)} người nhận có số", f"{len(numbers)} contacts have numbers")


def token(title: str, held: Credential, expires: datetime | None, now: datetime) -> Line:
    """The access token of a channel (`title`), which delivery renews by itself before it `expires`; None: there is none."""
    step = (held.vi, held.en)
    if expires is None:
        return bad(f"{title}: thiếu {held.file}", f"{title}: no {held.file}", *step)
    if expires < now:
        return bad(f"Mã {title} hết hạn {_ago(now - expires)}", f"{title}'s token has expired", *step)
    return good(f"Mã {title} còn hạn", f"{title}'s token is valid")


def cameras(reached: Mapping[str, bool]) -> list[Line]:
    """Cameras by name: whether the address takes a connection."""
    away, there = [name for name, one in reached.items() if not one], sum(reached.values())
    lines = [
        bad(
            f"{len(away)} trong {len(reached)} camera không tới được: {shown(away)}",
            f"{len(away)} of {len(reached)} cameras are not reachable",
            "xem nguồn điện, cáp, địa chỉ trong cameras.yaml",
            "see power, cable, and addresses in cameras.yaml",
        )
    ] * bool(away)
    return [*lines, *([good(f"{there} camera tới được", f"{there} cameras reachable")] if there else [])]


def ages(sensors: Collection[Sensor], now: datetime) -> list[Line]:
    """How old the newest readings are, each against its own patience; of the future: a clock is wrong."""
    if not sensors:
        return [
            unknown(
                "Số đo: cơ sở dữ liệu không có cảm biến nào",
                "Readings: no sensor known",
                "phusa up",
                "phusa up",
            )
        ]
    ever = [sensor for sensor in sensors if sensor.at is not None]
    if not ever:
        return [
            unknown(
                "Số đo: chưa có bản tin nào",
                "Readings: none yet",
                "bật trạm, hoặc make demo",
                "start a station, or make demo",
            )
        ]
    silent = [
        sensor.name
        for sensor in sensors
        if sensor.at is None or (now - sensor.at).total_seconds() > sensor.silent_after_s
    ]
    ahead = [one.name for one in ever if one.at is not None and one.at > now + timedelta(minutes=5)]
    lines = []
    if silent:
        lines.append(
            bad(
                f"{len(silent)} trong {len(sensors)} cảm biến quá hạn không có số: {shown(silent)}",
                f"{len(silent)} of {len(sensors)} sensors are overdue",
                "xem nguồn, sóng của trạm; phusa logs bridge",
                "see the stations' power and network; phusa logs bridge",
            )
        )
    if ahead:
        lines.append(
            bad(
                f"Số đo ở tương lai: {shown(ahead)}",
                f"Readings of the future: {shown(ahead)}",
                "chỉnh đồng hồ trạm (sổ tay, mục 6)",
                "set the station's clock (runbook, section 6)",
            )
        )
    newest = max(one.at for one in ever if one.at is not None)
    fresh = f"Số đo mới nhất {_ago(now - newest)}"
    return lines or [
        good(f"{fresh}; cả {len(sensors)} cảm biến đúng hạn", f"All {len(sensors)} sensors in time")
    ]


def restarts(counts: Mapping[str, int]) -> list[Line]:
    """Ends that nobody asked for within the last day, by program."""
    many = {name: count for name, count in counts.items() if count >= MANY_RESTARTS}
    lines = [
        bad(
            f"{name} tự chết {count} lần trong một ngày",
            f"{name} died {count} times within a day",
            f"phusa logs {name} --lines 200",
            f"phusa logs {name} --lines 200",
        )
        for name, count in sorted(many.items())
    ]
    few = sum(counts.values()) - sum(many.values())
    if few:
        return [*lines, good(f"{few} lần tự khởi động lại trong một ngày", f"{few} restarts within a day")]
    return lines or [good("Không chương trình nào tự chết trong một ngày", "No program died within a day")]


def shown(names: Collection[str]) -> str:
    """At most SHOWN names, and how many more."""
    first = list(names)[:SHOWN]
    more = len(names) - len(first)
    return ", ".join(first) + (f" và {more} nữa" if more else "")


def _ago(span: timedelta) -> str:
    from models.alerting.words import duration

    return f"{duration(span.total_seconds())[0]} trước"
