"""The words of cameras, zones, frames and payments: `descriptions` takes them in."""

from __future__ import annotations

from models.catalogue.analytics import ZONE_KINDS
from models.catalogue.purposes import PURPOSES

TYPES: dict[str, str] = {
    "Camera": "Một camera và các vùng của nó; tài khoản nằm trong VAR/secrets/camera_<mã>.",
    "Busy": "Một khoảng giờ trong ngày.",
    "Purpose": f"Camera để làm gì, ai được nhìn trước khi máy không đủ sức: {', '.join(f'{code} {row.vi}' for code, row in PURPOSES.items())}.",
    "Zone": "Một phần của ảnh; người ở đâu là chỗ bàn chân (giữa cạnh dưới khung).",
    "ZoneKind": f"Vùng để làm gì: {', '.join(f'{one} {row.vi}' for one, row in ZONE_KINDS.items())}.",
    "DepthMark": "Một vạch ngang vùng nước: nước phủ tới vạch thì sâu ít nhất chừng ấy.",
    "Board": "Một thước nước: hai chỗ trên trục thước và số đọc ở đó.",
    "BoardForm": "Kiểu thước: staff thước có số, bow_tie hai tam giác.",
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
        "ground": (
            "Bốn điểm [x, y, xm, ym]: chỗ trong ảnh (phần của bề rộng, cao) và chỗ trên mặt đất (mét).",
            "Four points [x, y, xm, ym]: place in the picture (fractions) and on the ground (metres).",
        ),
        "zones": ("Các vùng trong ảnh.", "Zones of the picture."),
        "rate_per_s": ("Số ảnh lấy mỗi giây.", "Frames taken a second."),
        "silent_after_s": ("Không có ảnh lâu hơn: mất tín hiệu, giây.", "Silent after so many seconds."),
        "frozen_after_s": (
            "Ảnh y hệt lâu hơn (không kể đồng hồ ở mép): đứng hình, giây.",
            "Frozen after so many seconds of one picture, a clock at its rim apart.",
        ),
        "busy": (
            "Giờ mà camera quan trọng nhất, như giờ họp chợ.",
            "Hours in which the camera matters most, such as those of a market.",
        ),
        "heartbeat_s": ("Ảnh tĩnh vẫn xem lại mỗi chừng này giây.", "A still picture is looked at as often."),
        "view": (
            "Thêm 1 sau khi chủ ý chỉnh hướng camera: học lại khung hình.",
            "Raise by 1 after aiming the camera anew on purpose: its view is learned anew.",
        ),
    },
    "Busy": {
        "since": ("Từ giờ:phút, giờ Việt Nam.", "From, hours:minutes in Việt Nam."),
        "until": ("Tới giờ:phút; sớm hơn since: qua nửa đêm.", "Until; earlier than since: past midnight."),
        "days": (
            "Thứ mấy, 1 là thứ Hai; trống: mọi ngày.",
            "Days of the week, 1 is Monday; none: every day.",
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
            "Các mức, theo đơn vị của vùng: số người; nước: cm nếu có vạch, không thì %; thước: cm.",
            "The levels, in the unit of the zone: people; water: cm with marks, else %; a board: cm.",
        ),
        "marks": (
            "Vạch độ sâu của vùng nước, từ nông đến sâu.",
            "Marks of depth of a zone of water, shallowest first.",
        ),
        "board": ("Thước nước mà vùng bao quanh.", "The board that the zone is around."),
        "hold_s": ("Phải kéo dài bao lâu, giây.", "How long it must last, seconds."),
    },
    "DepthMark": {
        "line": ("Hai đầu vạch [x, y].", "Both ends of the line [x, y]."),
        "depth_cm": ("Độ sâu khi nước phủ tới vạch, cm.", "Depth when water covers the line, cm."),
    },
    "Board": {
        "form": ("Kiểu thước.", "Form of the board."),
        "top": ("Chỗ phía trên đã biết số đọc [x, y].", "The upper place of known reading [x, y]."),
        "bottom": ("Chỗ phía dưới đã biết số đọc [x, y].", "The lower place of known reading [x, y]."),
        "top_cm": ("Số đọc ở chỗ trên, cm.", "Reading at the upper place, cm."),
        "bottom_cm": ("Số đọc ở chỗ dưới, cm.", "Reading at the lower place, cm."),
        "middle": (
            "Chỗ thứ ba ở giữa [x, y], khi thước nghiêng về phía camera.",
            "A third place between them [x, y], where the board leans to or from the camera.",
        ),
        "middle_cm": ("Số đọc ở chỗ giữa, cm.", "Reading at the place between, cm."),
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
