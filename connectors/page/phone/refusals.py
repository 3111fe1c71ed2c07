"""What the phone page says instead of an event: links that cannot be used, answers that are none, a store that is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from connectors.page.words import Words

if TYPE_CHECKING:
    from models.envelope.bilingual import Bilingual


class Told(NamedTuple):
    """What is said instead of an event, with its HTTP status; `again`: a page that may be loaded again."""

    status: int
    title: Words
    sentence: Words
    again: bool = False


FORGED = Told(
    403,
    Words("LINK KHÔNG DÙNG ĐƯỢC", "this link cannot be used"),
    Words(
        "Link sai, bị cắt mất chữ, hoặc của người không còn trong danh sách. Mở lại từ chính tin nhắn.",
        "It is wrong, was cut, or is of somebody who is no contact any more. Open it from the message itself.",
    ),
)
ENDED = Told(
    410,
    Words("LINK HẾT HẠN", "this link has ended"),
    Words(
        "Link đã hết hạn; tin nhắn mới có link mới. Trang này không nói được tình hình hiện nay.",
        "A newer message has a newer link. This page cannot tell how it is now.",
    ),
)
GONE = Told(
    404,
    Words("KHÔNG CÓ SỰ KIỆN NÀY", "there is no such event"),
    Words("Sự kiện không còn được lưu.", "The event is not kept any more."),
)
NOTHING = Told(
    404,
    Words("KHÔNG CÓ TRANG NÀY", "no such page"),
    Words("Mở lại từ chính tin nhắn.", "Open it from the message itself."),
)
AWAY = Told(
    503,
    Words("KHÔNG BIẾT TÌNH HÌNH", "the present state is not known"),
    Words(
        "Không đọc được cơ sở dữ liệu. Không có nghĩa là an toàn: tự quan sát, gọi điện.",
        "The database cannot be read. It does not mean that all is well: look for yourself, ring.",
    ),
    again=True,
)
NOT_STORED = Told(
    503,
    Words("CHƯA GHI ĐƯỢC", "not stored"),
    Words(
        "Câu trả lời của bạn chưa được ghi. Bấm lại sau, trả lời bằng tin nhắn, hoặc gọi điện.",
        "Your answer was not stored. Press again later, answer the message by SMS, or ring.",
    ),
)
VERDICT_NOT_STORED = NOT_STORED._replace(
    sentence=Words(
        "Loa chưa nhận được quyết định của bạn. Bấm lại sau, hoặc gọi điện.",
        "Your decision on the loudspeakers was not stored. Press again later, or ring.",
    )
)
TOO_OFTEN = Told(
    429,
    Words("QUÁ NHIỀU LẦN", "too often"),
    Words("Chờ một phút rồi mở lại.", "Wait a minute, then open it again."),
)
UNREADABLE = Told(
    400,
    Words("KHÔNG ĐỌC ĐƯỢC CÂU TRẢ LỜI", "the answer cannot be read"),
    Words("Mở lại trang từ tin nhắn và bấm một nút.", "Open the page from the message and press a button."),
)
NOT_APPROVER = Told(
    403,
    Words("BẠN KHÔNG DUYỆT ĐƯỢC", "you may not approve"),
    Words(
        "Loa chỉ phát khi người có vai trò duyệt cho phát.",
        "The loudspeakers speak when somebody whose role may has approved.",
    ),
)
NOT_DECIDED = Told(
    409, Words("KHÔNG THAY ĐỔI GÌ", "nothing was changed"), Words("Mở lại trang.", "Open the page again.")
)
TOO_BIG = UNREADABLE._replace(status=413)


def not_decided(why: Bilingual) -> Told:
    """That nothing was changed of an announcement, and why."""
    return NOT_DECIDED._replace(
        sentence=Words(f"{why.vi[:1].upper()}{why.vi[1:]}.", f"{why.en[:1].upper()}{why.en[1:]}.")
    )
