"""Words for the types and fields of routing.yaml."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "Routing": "Tệp routing.yaml.",
    "Rung": "Gọi ai khi sau chừng ấy phút chưa ai trả lời: những người có vai trò này.",
    "Ladder": "Thứ tự gọi cho một sự kiện; thang đầu tiên hợp loại và mức là thang được dùng.",
    "Same": "Hai cảnh báo phải chung điều gì: place nơi, station trạm, hamlet thôn, commune toàn xã.",
    "Inhibition": "Cảnh báo đang mở loại `by` giữ lại tin loại `mutes` không nặng hơn nó.",
    "DayProfile": "Ngày có quy tắc riêng: phiên chợ, lễ hội, mùa lũ.",
    "Hours": "Giờ nào báo ai, dưới mức 3; ngoài giờ thì đợi tới giờ.",
    "Shift": "Ca trực của một vai trò.",
    "Budget": "Tiền tin nhắn mỗi tháng; mức 3 không bao giờ bị chặn.",
    "Office": "Số điện thoại của một cơ quan, hiện trên màn hình khi không ai trả lời.",
}
_KINDS = ("Các loại cảnh báo; trống là mọi loại.", "Kinds of alerts; none: any.")
_ROLES = ("Các vai trò, như trong contacts.yaml.", "Roles, as in contacts.yaml.")
_CLOCK = ("Giờ Việt Nam, ví dụ 05:30.", "A time of the day in Vietnam, for example 05:30.")
_FROM = ("Mức này trở lên vẫn reo.", "From this level on it rings all the same.")
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Routing": {
        "ladders": ("Các thang gọi.", "The ladders."),
        "inhibitions": ("Tin nào giữ tin nào.", "What holds back what."),
        "profiles": ("Các ngày có quy tắc riêng.", "Days with rules of their own."),
        "hours": ("Giờ nào báo ai.", "When whom is told."),
        "rota": ("Các ca trực.", "The shifts."),
        "budget": ("Tiền mỗi tháng.", "What a month may cost."),
        "ring": ("Số gọi khi không ai trả lời.", "Numbers to ring when nobody has answered."),
    },
    "Rung": {
        "after_min": ("Sau chừng ấy phút, tính từ lúc nặng lên.", "So many minutes after the event rose."),
        "roles": _ROLES,
    },
    "Ladder": {
        "levels": ("Các mức.", "The levels."),
        "rungs": ("Các bậc, từ sớm tới muộn.", "The rungs, the earliest first."),
        "kinds": _KINDS,
        "answers": ("Cần mấy người trả lời là đi.", "How many persons have to say that they go."),
        "repeat_min": ("Nhắc lại một lần sau chừng ấy phút.", "Told again, once, after so many minutes."),
    },
    "Inhibition": {
        "by": ("Loại giữ lại.", "The kinds that hold back."),
        "mutes": ("Loại bị giữ lại.", "The kinds that are held back."),
        "least_level": ("Từ mức này.", "From this level on."),
        "same": ("Phải chung điều gì.", "What both must have in common."),
    },
    "DayProfile": {
        "name": ("Tên.", "Its name."),
        "quiet": ("Loại chỉ hiện trên màn hình.", "Kinds that are kept for the screen."),
        "rings_from": _FROM,
        "dates": ("Những ngày này.", "On these dates."),
        "days": ("Thứ trong tuần: 1 thứ hai, 7 chủ nhật.", "Days of the week: 1 Monday, 7 Sunday."),
        "from_day": ("Từ ngày (MM-DD).", "From this day of the year (MM-DD)."),
        "to_day": ("Tới hết ngày (MM-DD).", "Up to and including this day (MM-DD)."),
    },
    "Hours": {
        "roles": _ROLES,
        "kinds": ("Các loại cảnh báo.", "Kinds of alerts."),
        "begins": _CLOCK,
        "ends": _CLOCK,
        "rings_from": _FROM,
    },
    "Shift": {
        "role": ("Vai trò.", "The role."),
        "contacts": ("Mã người trực.", "Ids of who has the duty."),
        "begins": ("Bắt đầu, có múi giờ.", "Begins, with an offset."),
        "ends": ("Kết thúc, không kể lúc ấy.", "Ends before this moment."),
    },
    "Budget": {
        "month_vnd": ("Tiền một tháng, đồng.", "What a month may cost, VND."),
        "warn_share": ("Báo khi đã tiêu phần này.", "Told when this share of it is spent."),
        "prices": (
            "Giá một tin của kênh không tự báo giá, đồng.",
            "VND a message, of ways that name no price.",
        ),
        "roles": ("Ai được báo, theo vai trò.", "Who is told, by role."),
    },
    "Office": {
        "name": ("Cơ quan.", "The office."),
        "number": ("Số điện thoại.", "Its number."),
    },
}
