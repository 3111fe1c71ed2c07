"""Is this a frame of ours, and is it news? The answer is a value, never an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.cameras import blind, witness
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.refusal import FUTURE_MS, LATE_MS, Refusal
from models.envelope.rejected import Reason
from models.vision.frame import Frame

if TYPE_CHECKING:
    from models.cameras.memory import CameraState, Plan

MAX_BYTES = 8 * 1024 * 1024
"""A 1080p JPEG has 0.3 MB; 8 MiB leaves room for 24 megapixels and keeps the flow's memory bounded."""
JPEG = "image/jpeg"
_decode = msgspec.msgpack.Decoder(Frame).decode


def read(value: bytes, key: bytes | None, stamp_ms: int, plan: Plan) -> Frame | Refusal:
    """Decode a record and check it against the configuration; `stamp_ms` is when Kafka took it."""
    if len(value) > MAX_BYTES:
        return Refusal(
            Reason.TOO_BIG,
            f"Ảnh quá lớn: {len(value)} byte, tối đa {MAX_BYTES}",
            f"frame: expected at most {MAX_BYTES} bytes, found {len(value)}",
        )
    try:
        frame = _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Refusal(
            Reason.WRONG_TYPE,
            f"Không phải một khung hình của hệ thống: {error}",
            f"expected a frame in MessagePack: {error}",
        )
    return _refusal(frame, key, stamp_ms, plan) or frame


def _refusal(frame: Frame, key: bytes | None, stamp_ms: int, plan: Plan) -> Refusal | None:
    name = frame.source
    if frame.v != SCHEMA_VERSION:
        vi = f"Phiên bản {frame.v} chưa được hỗ trợ, cần {SCHEMA_VERSION}"
        return Refusal(Reason.WRONG_VERSION, vi, f"v: expected {SCHEMA_VERSION}, found {frame.v}")
    if key is not None and key != name.encode():
        sender = key.decode(errors="replace")
        vi = f"Camera {sender!r} gửi ảnh mang tên {name!r}"
        return Refusal(Reason.WRONG_SOURCE, vi, f"source: expected {sender!r} (the key), found {name!r}")
    if name not in plan:
        vi = f"Không có camera {name!r} trong cấu hình"
        return Refusal(Reason.UNKNOWN_CAMERA, vi, f"source: {name!r} is not a camera of the commune")
    if frame.content_type != JPEG:
        found = frame.content_type
        vi = f"Sai loại nội dung: cần {JPEG}, nhận {found!r}"
        return Refusal(Reason.WRONG_CONTENT, vi, f"content_type: expected {JPEG}, found {found!r}")
    return _out_of_time(frame, stamp_ms)


def _out_of_time(frame: Frame, stamp_ms: int) -> Refusal | None:
    ahead_ms = round(frame.at.timestamp() * 1000) - stamp_ms
    minutes = round(ahead_ms / 60_000)
    if ahead_ms > FUTURE_MS:
        vi = f"Giờ chụp {frame.at.isoformat()} ở tương lai {minutes} phút"
        return Refusal(
            Reason.FUTURE, vi, f"at: expected at most {FUTURE_MS // 60_000} min ahead, found {minutes} min"
        )
    if ahead_ms < -LATE_MS:
        vi = f"Ảnh đến trễ {-minutes} phút (chụp lúc {frame.at.isoformat()})"
        return Refusal(
            Reason.TOO_LATE, vi, f"at: expected at most a day before arrival, found {-minutes} min"
        )
    return None


def is_news(state: CameraState, frame: Frame, at_ms: int) -> bool:
    """Whether the frame goes on from the newest one, which it then is.

    A greater `seq` at an earlier time is a clock that was put back: it is news, and the levels begin
    to wait anew. A smaller `seq` at a later time is a process that began anew. Both smaller is a repetition.
    """
    if frame.seq <= state.seq and at_ms <= state.at_ms:
        return False
    if at_ms < state.at_ms:
        put_back(state, at_ms)
    state.seq, state.at_ms = frame.seq, at_ms
    return True


def put_back(state: CameraState, at_ms: int) -> None:
    """Nothing that is remembered may lie in the future of the new clock."""
    state.heard_ms = min(state.heard_ms, at_ms)
    state.looked_ms = state.again_ms = 0
    state.same_since_ms = min(state.same_since_ms, at_ms)
    state.counts.clear()
    blind.put_back(state.sight, at_ms)
    witness.put_back(state, at_ms)
    for level in state.levels.values():
        level.since = [min(one, at_ms) for one in level.since]
        if level.easing_since is not None:
            level.easing_since = min(level.easing_since, at_ms)
