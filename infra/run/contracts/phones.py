"""Words for the types and fields of what comes back from phones: receipts of services, and what people write."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "Receipt": "Cổng nhắn tin nói gì về một tin đã nhận; không có số điện thoại.",
    "Incoming": "Một tin người nhận gửi lại; không có số điện thoại, người lạ thì không có lời.",
}
_VERSION = ("Phiên bản của bản tin, nay là 1.", "Version of the message, now 1.")

FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Receipt": {
        "v": _VERSION,
        "source": ("Kênh, như trong contacts.yaml.", "The channel, as in contacts.yaml."),
        "seq": ("Số thứ tự.", "Counter."),
        "at": ("Khi nhận được biên nhận.", "When the receipt came."),
        "key": ("Khóa chống gửi trùng của ta.", "Our idempotency key."),
        "message": ("Mã tin của cổng nhắn tin.", "The gateway's own id."),
        "price_vnd": ("Giá, đồng; null nếu không nói.", "Price in VND; null where not named."),
        "reason": ("Lý do, nếu hỏng.", "Reason of a failure."),
    },
    "Incoming": {
        "v": _VERSION,
        "source": ("Tin tới bằng đường nào.", "The way by which it came."),
        "seq": ("Số thứ tự, luôn là 0.", "Counter, always 0."),
        "at": ("Khi người ấy gửi.", "When the person sent it."),
        "key": ("Mã của dịch vụ, gửi lại vẫn như cũ.", "The service's own id, the same at every repetition."),
        "contact": ("Mã người nhận; trống là người lạ.", "Id of the contact; empty: a stranger."),
        "text": ("Lời nhắn, chỉ ký tự in được.", "The text, printable characters only."),
    },
}
