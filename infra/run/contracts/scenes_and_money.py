"""The words of cameras, zones, frames and payments: `descriptions` takes them in."""

from __future__ import annotations

from models.catalogue.analytics import ZONE_KINDS

TYPES: dict[str, str] = {
    "Camera": "Một camera và các vùng của nó; tài khoản nằm trong VAR/secrets/camera_<mã>.",
    "Zone": "Một phần của ảnh; người ở đâu là chỗ bàn chân (giữa cạnh dưới khung).",
    "ZoneKind": f"Vùng để làm gì: {', '.join(f'{one} {row.vi}' for one, row in ZONE_KINDS.items())}.",
    "ZoneLevel": "Một mức: đạt ở raise_at, chỉ rời ở clear_at (trễ).",
    "Merchant": "Một nơi thu tiền và các tài khoản của nơi đó.",
    "MerchantKind": "Loại nơi thu: office ủy ban, service dịch vụ, shop cửa hàng.",
    "Fee": "Một khoản thu và cách người dân viết về nó.",
    "Stall": "Một sạp chợ, thu qua tài khoản của nơi thu.",
    "Period": "Kỳ của mục tiêu, tính từ đầu kỳ: tháng, quý hay năm (theo lịch).",
    "Targets": "Các mục tiêu thanh toán không tiền mặt.",
    "Odd": "Khi nào một khoản đáng để xem lại.",
    "Provider": "Bên báo có tiền.",
    "What": "Việc gì với khoản tiền: payment trả, refund hoàn, reversal hủy, held đã trừ mà chưa trả xong, cần người xem.",
    "Frame": "Một ảnh của một camera, đã mã hóa.",
    "PaymentEvent": "Một khoản tiền do bên thanh toán báo, đã kiểm chữ ký; không có tên ai.",
    "RefusedRequest": "Một lời báo tiền bị từ chối, giữ lại nội dung đã mã hóa.",
}
_CODE = ("Mã: a-z, 0-9, dấu -.", "Code: a-z, 0-9 and -.")
_NAME = ("Tên, đứng trong tin nhắn.", "Name, as it stands in messages.")
_VERSION = ("Phiên bản của bản tin, nay là 1.", "Version of the message, now 1.")
_HAMLET = ("Mã thôn.", "Code of the hamlet.")
_MERCHANT = ("Mã nơi thu.", "Code of the merchant.")
_SEALED = ("Đã mã hóa AES-256-GCM, base64.", "Encrypted with AES-256-GCM, base64.")
_PROVIDER = ("Bên thanh toán.", "The provider.")
_RECEIVED = ("Khi hệ thống nhận.", "When our endpoint took it.")

FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Camera": {
        "id": ("Mã camera.", "Id of the camera."),
        "name": _NAME,
        "hamlets": ("Các thôn được báo về camera này.", "Hamlets that this camera's alerts concern."),
        "address": (
            "rtsp://, http:// (ảnh chụp) hoặc đường dẫn phim; không ghi mật khẩu.",
            "rtsp://, http:// (a snapshot) or the path of a film; no credentials.",
        ),
        "latitude": ("Vĩ độ, độ thập phân.", "Latitude, decimal degrees."),
        "longitude": ("Kinh độ, độ thập phân.", "Longitude, decimal degrees."),
        "zones": ("Các vùng trong ảnh.", "Zones of the picture."),
        "rate_per_s": ("Số ảnh lấy mỗi giây.", "Frames taken a second."),
        "silent_after_s": ("Không có ảnh lâu hơn: mất tín hiệu, giây.", "Silent after so many seconds."),
        "frozen_after_s": (
            "Ảnh y hệt lâu hơn (không kể đồng hồ ở mép): đứng hình, giây.",
            "Frozen after so many seconds of one picture, a clock at its rim apart.",
        ),
        "heartbeat_s": ("Ảnh tĩnh vẫn xem lại mỗi chừng này giây.", "A still picture is looked at as often."),
        "view": (
            "Thêm 1 sau khi chủ ý chỉnh hướng camera: học lại khung hình.",
            "Raise by 1 after aiming the camera anew on purpose: its view is learned anew.",
        ),
    },
    "Zone": {
        "id": _CODE,
        "name": _NAME,
        "polygon": (
            "Các đỉnh [x, y], phần của bề rộng và cao.",
            "Corners [x, y] as fractions of width and height.",
        ),
        "without": ("Các phần không tính.", "Parts that do not count."),
        "levels": (
            "Các mức, theo đơn vị của vùng (số người).",
            "The levels, in the unit of the zone (people).",
        ),
        "hold_s": ("Phải kéo dài bao lâu, giây.", "How long it must last, seconds."),
    },
    "ZoneLevel": {
        "level": ("Số của mức, 1 đến 5.", "Number of the level, 1 to 5."),
        "name": ("Tên mức; ngắn vì đứng trong tin nhắn.", "Short name, for messages."),
        "raise_at": ("Đạt mức từ số này.", "The level is reached at so much."),
        "clear_at": ("Chỉ rời mức ở số này.", "The level is left only at so much."),
    },
    "Merchant": {
        "code": _CODE,
        "name": _NAME,
        "hamlet": _HAMLET,
        "accounts": ("Mỗi bên thanh toán gọi nơi thu này là gì.", "What each provider calls this merchant."),
    },
    "Fee": {
        "code": _CODE,
        "name": _NAME,
        "merchant": _MERCHANT,
        "words": (
            "Cách viết trong nội dung chuyển khoản, không dấu.",
            "How people write it, without accents.",
        ),
        "public": ("Là khoản thu công của xã.", "A public fee of the commune."),
        "amount_vnd": (
            "Mức thu, đồng; để trống nếu không cố định.",
            "Its tariff in đồng; none where it varies.",
        ),
    },
    "Stall": {
        "code": _CODE,
        "name": _NAME,
        "merchant": _MERCHANT,
        "mark": ("Ký hiệu trong nội dung, ví dụ SAP12.", "Its mark in the text, for example SAP12."),
        "hamlet": _HAMLET,
    },
    "Targets": {
        "period": (
            "Mục tiêu tính cho kỳ nào, từ đầu kỳ; không ghi: năm.",
            "How long the targets are counted for, from the beginning of the month, quarter or year; none: the year.",
        ),
        "public_fees_online": (
            "Tỷ lệ khoản công trả trực tuyến.",
            "Share of public fees paid online, 0 to 1.",
        ),
        "shops_cashless": (
            "Tỷ lệ cửa hàng nhận không tiền mặt.",
            "Share of shops paid without cash, 0 to 1.",
        ),
        "households": ("Số hộ của xã.", "Households of the commune."),
    },
    "Odd": {
        "times_usual": ("Gấp bao nhiêu lần mức thường.", "How many times the usual amount."),
        "least_vnd": ("Từ số tiền này mới xét, đồng.", "Below so many đồng nothing is odd."),
        "least_known": ("Cần biết bao nhiêu khoản trước đó.", "How many payments must be known before."),
    },
    "Frame": {
        "v": _VERSION,
        "source": ("Mã camera.", "Id of the camera."),
        "seq": (
            "Số thứ tự của camera; chỗ trống là ảnh bỏ.",
            "The camera's counter; gaps are dropped frames.",
        ),
        "at": ("Lúc chụp.", "Time of capture."),
        "content_type": ("Loại nội dung: image/jpeg.", "Content type: image/jpeg."),
        "sealed": _SEALED,
    },
    "PaymentEvent": {
        "type": ("Loại bản tin: event.", "Which message: event."),
        "v": _VERSION,
        "source": _PROVIDER,
        "event": (
            "Mã của bên thanh toán; (source, event) là khóa.",
            "The provider's id; (source, event) is the key.",
        ),
        "at": ("Lúc trả tiền.", "When it was paid."),
        "received_at": _RECEIVED,
        "amount_vnd": ("Số tiền, đồng nguyên dương.", "Amount in whole đồng, positive."),
        "merchant": _MERCHANT,
        "content": ("Nội dung, chỉ còn các từ của khoản thu.", "The text, with only the words of fees left."),
        "payer": ("Bí danh có khóa của người trả.", "Keyed pseudonym of the payer."),
        "original": ("Khoản được hoàn hay hủy.", "The payment that is taken back."),
        "sealed": _SEALED,
        "told": (
            "Dấu vân có khóa của mọi điều đã báo; cùng khóa mà khác dấu là mâu thuẫn.",
            "Keyed digest of all that was told; the same key with another digest is a conflict.",
        ),
        "transfer": (
            "Dấu vân có khóa của lần chuyển khoản ở ngân hàng, giống nhau ở mọi nguồn báo.",
            "Keyed digest of the bank's transfer, the same in every feed.",
        ),
        "vi": ("Điều người phải xem, tiếng Việt.", "What a person must look at, in Vietnamese."),
        "en": ("Điều người phải xem, tiếng Anh.", "What a person must look at, in English."),
    },
    "RefusedRequest": {
        "type": ("Loại bản tin: refused.", "Which message: refused."),
        "v": _VERSION,
        "source": _PROVIDER,
        "received_at": _RECEIVED,
        "vi": ("Vì sao, tiếng Việt.", "Why, in Vietnamese."),
        "en": ("Vì sao, tiếng Anh.", "Why, in English."),
        "sealed": _SEALED,
    },
}
