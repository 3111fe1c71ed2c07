"""`phusa status`: is it well, in one look; first what is wrong and what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.settings import Settings, settings
from models.alerting.words import kind_name

if TYPE_CHECKING:
    from infra.stack.supervisor import ProgramState

COUNTS = ("flow", "topic", "read", "stored", "rejected", "duplicates", "still", "dropped", "lag")
SICK = ("FATAL", "BACKOFF", "EXITED", "UNKNOWN")
STATES = {
    "RUNNING": "đang chạy (runs)",
    "STARTING": "đang khởi động (starts)",
    "STOPPED": "đã dừng (stopped)",
    "STOPPING": "đang dừng (stops)",
    "FATAL": "không chạy được, đã thôi thử (does not run, given up)",
    "BACKOFF": "không chạy được, đang thử lại (does not run, tried again)",
    "EXITED": "tự kết thúc (has ended)",
    "UNKNOWN": "không rõ (unknown)",
}
"""The supervisor's words, for people."""
WHOLE = {
    "station": "cả trạm (whole station)",
    "link": "đường truyền của nhiều trạm (link of many stations)",
    "bridge": "cầu nối MQTT (bridge)",
    "intake": "nơi nhận tệp và phiếu (intake)",
}
"""What stands in the place of a parameter where an alert is of more than one."""
PLATFORM = {"platform": "hệ thống (platform)"}


def status(
    as_json: Annotated[bool, typer.Option("--json", help="cho máy đọc (for a script)")] = False,
) -> None:
    """Xem tình trạng; mã thoát 1 nếu có gì không ổn (how it is; exit 1 if something is not well)."""
    import msgspec

    found = gather(settings())
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        _draw(found, _stations(settings()))
    if found["troubles"]:
        raise typer.Exit(1)


def gather(own: Settings) -> dict[str, Any]:
    """Programs, positions with lag, rejects, alerts, messages, and the troubles among them in words."""
    import msgspec
    import psycopg
    from confluent_kafka import KafkaException

    from connectors.kafka.lag import ends
    from connectors.timescale.insight import look
    from infra import stack

    programs = stack.state(own)
    found: dict[str, Any] = {"programs": msgspec.to_builtins(programs), "troubles": [], "positions": []}
    if not programs:
        found["troubles"].append("Không có gì đang chạy: phusa up (nothing runs)")
    found["waits"] = _waits(own, programs)
    for one in programs:
        if one.state in SICK:
            found["troubles"].append(
                f"{one.program}: {STATES[one.state]}; nhật ký (log): {own.var / 'logs' / one.program}.log"
            )
    cameras = own.var / "cameras.json"
    if cameras.exists():
        # As the process `capture` tells it; a camera that is silent for long is an alert.
        found["cameras"] = msgspec.json.decode(cameras.read_bytes())
        found["troubles"] += never_connected(found["cameras"])
    try:
        insight = look(own.dsn("writer"))
    except FileNotFoundError:
        # No password yet: this copy was never started, which is said above.
        return found
    except (psycopg.Error, OSError) as error:
        found["troubles"].append(f"TimescaleDB: {str(error).strip().splitlines()[0]}")
        return found
    found |= msgspec.to_builtins(insight)
    try:
        last = ends(own.bootstrap, sorted({at.topic for at in insight.positions}))
    except KafkaException as error:
        found["troubles"].append(f"Kafka: {error.args[0].str()}")
        return found
    for row, at in zip(found["positions"], insight.positions, strict=True):
        beyond = [part for part, end in last[at.topic].items() if at.next_offsets.get(str(part), 0) > end]
        if beyond:
            found["troubles"].append(
                f"{at.flow}: {at.topic}{beyond} kết thúc trước chỗ đã đọc; chạy phusa up (ends before our place)"
            )
        row["lag"] = sum(
            max(0, end - at.next_offsets.get(str(part), 0)) for part, end in last[at.topic].items()
        )
    return found


def never_connected(cameras: dict[str, dict[str, int]]) -> list[str]:
    """A sentence for each camera that has never sent a picture since the process `capture` began, with its tries."""
    return [
        f"camera {name}: chưa kết nối được lần nào từ khi capture chạy, {one['failures']} lần thử hỏng; xem địa chỉ, mật khẩu, "
        f"nguồn điện (never connected since capture began, {one['failures']} failed tries: see its address, password, power)"
        for name, one in sorted(cameras.items())
        if not one["connects"] and one["failures"]
    ]


def _stations(own: Settings) -> dict[str, str]:
    """The names of stations and cameras; none where the configuration cannot be read, which `phusa check` says."""
    from connectors import commune

    try:
        found = commune.load(own.commune)
    except (OSError, commune.ConfigurationError):
        return {}
    return {one.id: one.name for one in found.stations} | {one.id: one.name for one in found.cameras}


def _waits(own: Settings, programs: list[ProgramState]) -> list[str]:
    """Who runs and is not ready, by what it waits for."""
    from connectors import readiness
    from infra.processes import TABLE, ready_file
    from infra.stack.patience import sentence

    needs = {
        one.program: readiness.read(ready_file(own, one.program), one.pid)
        for one in programs
        if one.program in TABLE and one.state not in SICK
    }
    late = {name: wanted for name, wanted in needs.items() if wanted != []}
    return [f"{vi} ({en})" for vi, en in [sentence(late)] if late]


def _draw(found: dict[str, Any], stations: dict[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    # What is wrong comes first: who looks in a hurry reads one line.
    for trouble in found["troubles"]:
        console.print(f"[bold red]KHÔNG ỔN[/]: {trouble}")
    for wait in found.get("waits", []):
        console.print(f"[bold yellow]ĐANG CHỜ (waiting for)[/]: {wait}")
    if not found["troubles"] and not found.get("waits"):
        console.print("[bold green]Mọi thứ ổn[/] (all is well)")

    def table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
        if not rows:
            return
        drawn = Table(title=title, title_justify="left")
        for column in columns:
            drawn.add_column(column)
        for row in rows:
            drawn.add_row(*(str(cell) for cell in row))
        console.print(drawn)

    table(
        "Chương trình (programs)",
        ["tên (name)", "tình trạng (state)", "pid"],
        [[one["program"], STATES[one["state"]], one["pid"] or "–"] for one in found["programs"]],
    )
    table(
        "Luồng (flows)",
        [
            "luồng",
            "chủ đề (topic)",
            "đọc (read)",
            "lưu (stored)",
            "loại (rejected)",
            "lặp (duplicates)",
            "đứng yên (still)",
            "bỏ qua (dropped)",
            "còn chờ (lag)",
        ],
        [[one.get(name, "?") for name in COUNTS] for one in found["positions"]],
    )
    table(
        "Camera (capture)",
        [
            "camera",
            "ảnh lấy (taken)",
            "gửi (sent)",
            "bỏ (dropped)",
            "lần nối (connects)",
            "lần mất (failures)",
        ],
        [
            [name, *(one[what] for what in ("taken", "sent", "dropped", "connects", "failures"))]
            for name, one in found.get("cameras", {}).items()
        ],
    )
    table(
        "Bị loại, chưa gửi lại (rejected): phusa rejected list",
        ["chủ đề", "lý do (reason)", "số bản tin"],
        [[one["topic"], one["reason"], one["count"]] for one in found.get("refused", [])],
    )
    table(
        "Cảnh báo đang mở (open alerts)",
        ["loại", "trạm", "thông số", "mức (level)", "giá trị", "từ (since)"],
        [
            [
                kind_name(one["kind"]),
                (PLATFORM | stations).get(one["station"], one["station"]),
                WHOLE.get(one["parameter"], one["parameter"]),
                one["level"],
                f"{one['value']:g} {one['unit']}",
                one["raised"],
            ]
            for one in found.get("alerts", [])
        ],
    )
    states = found.get("messages", {})
    if states:
        console.print(
            "Tin nhắn (messages): " + ", ".join(f"{name} {count}" for name, count in sorted(states.items()))
        )
