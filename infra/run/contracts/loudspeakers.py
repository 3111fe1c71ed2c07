"""Words for the types and fields of loudspeakers.yaml."""

from __future__ import annotations

FILES: dict[str, tuple[str, str]] = {
    "loudspeakers": ("Loa các thôn, ai duyệt lời phát.", "Loudspeakers of the hamlets, who approves."),
}
SECTIONS: dict[str, tuple[str, str]] = {
    "loudspeakers": ("Các loa.", "The loudspeakers."),
    "approvers": ("Vai trò được duyệt.", "Roles that may approve."),
    "unasked": ("Tin phát ngay, không đợi duyệt.", "What is played without waiting for approval."),
}
TYPES: dict[str, str] = {
    "Player": "mp3, wav: hộp loa biết khóa lặp lại và nói trạng thái; plain: chỉ nhận tiếng.",
    "Loudspeaker": "Một loa; khóa bí mật của hộp loa nằm trong VAR/secrets/loudspeakers.json.",
    "Approver": "Người có vai trò này được cho phát; người khác với người đã yêu cầu.",
    "Unasked": "Loại và mức được phát ngay; tin hết nguy và diễn tập luôn đợi duyệt.",
}
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "Loudspeaker": {
        "id": ("Mã: a-z, 0-9, dấu -.", "Code: a-z, 0-9 and -."),
        "name": ("Tên loa.", "Its name."),
        "hamlets": ("Mã các thôn nghe được.", "Codes of the hamlets that hear it."),
        "url": ("Địa chỉ hộp loa, http hoặc https.", "Address of its player, http or https."),
        "player": ("Loại hộp loa.", "The kind of player."),
    },
    "Approver": {"role": ("Vai trò trong contacts.yaml.", "A role of contacts.yaml.")},
    "Unasked": {
        "kinds": ("Các loại cảnh báo.", "Kinds of alerts."),
        "least_level": ("Từ mức này.", "From this level on."),
    },
}
