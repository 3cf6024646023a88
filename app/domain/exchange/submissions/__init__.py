"""Submissions to the province (省平台报送): what it is told, how that goes over, what it says of each.

Read `submission` and `record` (what they are), `gathering` and `composing` (how one is made, in the
province's codes), `putting_down` and `continuing` (its records, by the request and in the background),
`platform` (what is needed of the other side), `delivering` (handing over, at least once and under the same
keys), `acknowledging` (receipts that the province brings itself).
"""

from app.domain.exchange.submissions.acknowledging import (
    RECORDS,
    NewReceipt,
    NewReceipts,
    acknowledge_submission,
    hasten_submission,
    list_submission_records,
)
from app.domain.exchange.submissions.composing import create_submission, resend_submission
from app.domain.exchange.submissions.continuing import (
    begin_gathering,
    finish_gathering,
    gather_part,
    stop_gathering,
)
from app.domain.exchange.submissions.delivering import (
    LEASE,
    PART,
    POLLED_EVERY,
    Errand,
    break_off,
    note_announced,
    note_failure,
    take_errand,
    take_receipts,
)
from app.domain.exchange.submissions.platform import (
    ArrivalPage,
    DeliveryWindow,
    Held,
    HeldPage,
    ManifestSigner,
    Platform,
    PlatformDown,
    PlatformRefused,
    Receipt,
)
from app.domain.exchange.submissions.putting_down import JOB, gather_anew
from app.domain.exchange.submissions.record import (
    ProvinceRecord,
    RecordKind,
    RecordState,
    RecordView,
    digest_of,
    digest_of_all,
)
from app.domain.exchange.submissions.submission import (
    SUBMISSIONS,
    NewSubmission,
    ProvinceSubmission,
    SubmissionKind,
    SubmissionState,
    SubmissionView,
    get_submission,
    list_submissions,
)

__all__ = [
    "JOB",
    "LEASE",
    "PART",
    "POLLED_EVERY",
    "RECORDS",
    "SUBMISSIONS",
    "ArrivalPage",
    "DeliveryWindow",
    "Errand",
    "Held",
    "HeldPage",
    "ManifestSigner",
    "NewReceipt",
    "NewReceipts",
    "NewSubmission",
    "Platform",
    "PlatformDown",
    "PlatformRefused",
    "ProvinceRecord",
    "ProvinceSubmission",
    "Receipt",
    "RecordKind",
    "RecordState",
    "RecordView",
    "SubmissionKind",
    "SubmissionState",
    "SubmissionView",
    "acknowledge_submission",
    "begin_gathering",
    "break_off",
    "create_submission",
    "digest_of",
    "digest_of_all",
    "finish_gathering",
    "gather_anew",
    "gather_part",
    "get_submission",
    "hasten_submission",
    "list_submission_records",
    "list_submissions",
    "note_announced",
    "note_failure",
    "resend_submission",
    "stop_gathering",
    "take_errand",
    "take_receipts",
]
