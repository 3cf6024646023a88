"""Notices (通知): what a unit lets others know, and who has read and confirmed it.

`notice` has what a notice is and who sees it, `sending` drafting, publishing and withdrawing it,
`addressed` for which units it is, `receipts` the reading and confirming, and the count by unit.
"""

from app.domain.training.notices.notice import (
    AUDIENCE,
    CANDIDATES,
    NOTICES,
    Notice,
    NoticeAudience,
    NoticeCandidate,
    NoticeState,
    NoticeView,
    Receipt,
    get_notice,
    is_addressed,
    list_notices,
    list_own_notices,
    told_as_teacher,
)
from app.domain.training.notices.receipts import (
    NoticeReading,
    NoticeReceipt,
    NoticeReceiptView,
    UnitReceiptView,
    confirm_notice,
    list_notice_receipts,
    read_notice,
)
from app.domain.training.notices.sending import (
    NewNotice,
    NoticeChanges,
    create_notice,
    publish_notice,
    update_notice,
    withdraw_notice,
)

__all__ = [
    "AUDIENCE",
    "CANDIDATES",
    "NOTICES",
    "NewNotice",
    "Notice",
    "NoticeAudience",
    "NoticeCandidate",
    "NoticeChanges",
    "NoticeReading",
    "NoticeReceipt",
    "NoticeReceiptView",
    "NoticeState",
    "NoticeView",
    "Receipt",
    "UnitReceiptView",
    "confirm_notice",
    "create_notice",
    "get_notice",
    "is_addressed",
    "list_notice_receipts",
    "list_notices",
    "list_own_notices",
    "publish_notice",
    "read_notice",
    "told_as_teacher",
    "update_notice",
    "withdraw_notice",
]
