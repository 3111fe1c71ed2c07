"""What a camera, a station, a payment costs, and what a province needs: a page out of recorded measurements.

`python -m infra.lab.bench.sizing` writes infra/deploy/sizing.md from infra/lab/bench/recorded.json, whose lines say where each figure is from.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import msgspec

HERE = Path(__file__).resolve().parent
RECORDED, PAGE = HERE / "recorded.json", HERE.parents[1] / "deploy" / "sizing.md"
DAY_S = 86_400
COMMUNES = 141
"""Of the province that is reckoned with."""
FRAMES_KEPT_S, READINGS_KEPT_DAYS, PAYMENTS_KEPT_DAYS = 600, 7, 30
"""As the topics are created (connectors/kafka/topics.py)."""
HALF = 0.5
"""A core is planned half full: a flood brings more of everything at once, and a restart must catch up."""


class Figure(msgspec.Struct, frozen=True):
    """A measurement with its unit and where it is from."""

    value: float
    unit: str
    vi: str
    en: str
    source: str


class Commune(NamedTuple):
    """The commune that is reckoned with: that of the benchmark of the screens."""

    stations: int = 12
    sensors: int = 35
    interval_s: int = 300
    cameras: int = 41
    frames_per_s: float = 1.0
    payments_a_day: int = 3000


class Need(NamedTuple):
    """What something needs: cores (a second of the processor a second), and GB on the disks of Kafka and of the store a year."""

    flow_cores: float
    server_cores: float
    kafka_gb: float
    store_gb_a_year: float


def recorded() -> dict[str, Figure]:
    """The measurements by code."""
    return msgspec.json.decode(RECORDED.read_bytes(), type=dict[str, Figure])


def station(found: dict[str, Figure], sensors: float, interval_s: float) -> Need:
    """A station with so many sensors that each tell something every `interval_s` seconds."""
    rate = sensors / interval_s
    million = rate / 1_000_000
    return Need(
        million * found["reading_flow_s"].value,
        million * (found["reading_store_s"].value + found["reading_kafka_s"].value),
        # Each reading stands on `readings` and, judged, on `observations`.
        2 * rate * DAY_S * READINGS_KEPT_DAYS * found["reading_kafka_bytes"].value / 1e9,
        rate * DAY_S * 365 * found["reading_row_bytes"].value / 1e9,
    )


def camera(found: dict[str, Figure], frames_per_s: float) -> Need:
    """A camera of 1080p whose every picture is looked at; a still one costs less."""
    million = frames_per_s / 1_000_000
    return Need(
        million * found["frame_flow_s"].value + frames_per_s * found["capture_camera_cores"].value,
        million * found["frame_kafka_s"].value,
        frames_per_s * FRAMES_KEPT_S * found["frame_kafka_bytes"].value / 1e9,
        frames_per_s * DAY_S * 365 * found["reading_row_bytes"].value / 1e9,
    )


def payment(found: dict[str, Figure], a_day: float) -> Need:
    """So many payments a day; a row of the ledger is reckoned as two of observations."""
    million = a_day / DAY_S / 1_000_000
    return Need(
        million * found["payment_flow_s"].value,
        million * found["payment_store_s"].value,
        a_day * PAYMENTS_KEPT_DAYS * found["payment_kafka_bytes"].value / 1e9,
        2 * a_day * 365 * found["reading_row_bytes"].value / 1e9,
    )


def times(need: Need, number: float) -> Need:
    """As much so often."""
    return Need(*(number * one for one in need))


def total(needs: list[Need]) -> Need:
    """All together."""
    return Need(*(sum(each) for each in zip(*needs, strict=True)))


def processes(cores: float) -> int:
    """How many processes of one core a flow needs, each planned half full."""
    return max(1, math.ceil(cores / HALF))


def page(found: dict[str, Figure], own: Commune | None = None) -> str:
    """The page, Vietnamese first."""
    one = own or Commune()
    a_station = station(found, one.sensors / one.stations, one.interval_s)
    a_camera = camera(found, one.frames_per_s)
    a_payment = payment(found, one.payments_a_day)
    commune = total([times(a_station, one.stations), times(a_camera, one.cameras), a_payment])
    province = times(commune, COMMUNES)
    flows = {
        "telemetry": times(a_station, one.stations * COMMUNES).flow_cores,
        "cameras": COMMUNES * one.cameras * one.frames_per_s * found["frame_flow_s"].value / 1e6,
        "capture": COMMUNES * one.cameras * found["capture_camera_cores"].value,
        "payments": times(a_payment, COMMUNES).flow_cores,
    }
    rows = {
        f"một trạm, {one.sensors / one.stations:.1f} cảm biến mỗi {one.interval_s} s · a station": a_station,
        f"một camera 1080p, {one.frames_per_s:g} ảnh/s · a camera": a_camera,
        f"{one.payments_a_day} khoản tiền mỗi ngày · payments a day": a_payment,
        f"một xã: {one.stations} trạm, {one.cameras} camera · a commune": commune,
        f"một tỉnh: {COMMUNES} xã · a province": province,
    }
    shared = ("telemetry", "cameras", "payments")
    return _PAGE.format(
        rows="\n".join(_row(name, need) for name, need in rows.items()),
        days=READINGS_KEPT_DAYS,
        minutes=FRAMES_KEPT_S // 60,
        money=PAYMENTS_KEPT_DAYS,
        communes=COMMUNES,
        split="\n".join(f"| {name} | {cores:.3g} | {processes(cores)} |" for name, cores in flows.items()),
        servers=f"{province.server_cores:.2g}",
        traffic=f"{COMMUNES * one.cameras * one.frames_per_s * found['frame_kafka_bytes'].value / 1e9:.2g}",
        kafka=f"{province.kafka_gb:,.0f}",
        partitions=max(processes(flows[name]) for name in shared),
        cameras=COMMUNES * one.cameras,
        measured="\n".join(
            f"| {each.vi} · {each.en} | {each.value:g} {each.unit} | {each.source} |"
            for each in found.values()
        ),
    )


def _row(name: str, need: Need) -> str:
    cores = " | ".join(f"{each * DAY_S:,.3g}" for each in (need.flow_cores, need.server_cores))
    return f"| {name} | {cores} | {need.kafka_gb:,.3g} | {need.store_gb_a_year:,.3g} |"


_PAGE = """# Cần máy thế nào · What machines it needs

Do `python -m infra.lab.bench.sizing` viết từ các số đo bên dưới; đừng sửa tay. Written by that script from the measurements below; not by hand.

| | giây CPU mỗi ngày, luồng · CPU s a day, flows | Kafka và kho · servers | Kafka, GB | kho mỗi năm · store a year, GB |
|---|---|---|---|---|
{rows}

Một nhân có 86.400 giây mỗi ngày. Kafka giữ số đo {days} ngày, ảnh {minutes} phút, tiền {money} ngày; ba máy Kafka thì nhân ba. Kho chưa nén, chưa xoá theo hạn; số
người từng vùng của camera nằm trong đó. A core has 86,400 s a day. Kafka keeps readings, pictures and payments so long; three brokers hold three times as much. The store is
reckoned uncompressed and before retention, with the counts of people of the cameras.

## Một tỉnh {communes} xã · A province of {communes} communes

Mỗi tiến trình một nhân, tính nửa tải: lũ về thì mọi thứ cùng đến một lúc, và sau khi khởi động lại phải đuổi kịp.
Each process a core, planned half full: a flood brings everything at once, and what was restarted must catch up.

| luồng · flow | nhân · cores | tiến trình · processes |
|---|---|---|
{split}

Kafka và kho: {servers} nhân; ảnh vào Kafka {traffic} GB/s, mỗi máy Kafka giữ {kafka} GB. Chỗ nào mạng không chịu nổi thì mỗi xã hay mỗi cụm xã giữ ảnh ở chỗ mình, chỉ gửi số
người và cảnh báo (cores of Kafka and store; pictures into Kafka a second, GB on each broker; where the network does not bear that, pictures stay in their commune).
`PHUSA_PARTITIONS`: ít nhất {partitions}, chọn trước lần chạy đầu (at least as many, chosen before the first run). `capture` không chia bằng cài đặt: mỗi máy chạy một
`capture` với phần camera của nó trong `cameras.yaml` riêng (is not shared by a setting: a machine runs one with its part of the cameras in a file of its own).

Gần như tất cả là {cameras} camera. Không có chúng thì một máy đủ cho cả tỉnh. Nearly all of it are the cameras; without them a machine is enough for a province.
Ảnh đứng yên không qua mạng nhận dạng, nên thường rẻ hơn bảng này. A still picture does not reach the net, so that it mostly costs less than this.

## Số đo · Measurements

| | | nguồn · source |
|---|---|---|
{measured}
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(recorded()), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
