"""The audit trail (审计): who did what, from where, and what it changed.

    act           one act: a write that was done, or a refusal of authority; where it came from
    change        a row before and after, written by the database itself
    recording     how acts are written, in the transaction of what they did
    chain         the chain of hashes over both, and its sealing
    verification  the same chain computed again

Nothing of it can be changed or removed by the application, nor quietly by anybody else.
"""

from app.domain.access.audit.act import (
    ACTS,
    ActNotFound,
    ActView,
    AuditAct,
    Provenance,
    get_act,
    list_acts,
)
from app.domain.access.audit.chain import (
    AuditHead,
    AuditLink,
    get_audit_head,
    read_head,
    seal_trail,
)
from app.domain.access.audit.change import CHANGES, AuditChange, ChangeView, RowValues, changes_of
from app.domain.access.audit.recording import (
    act_arguments,
    record_act,
    record_refusal,
    recorded_with,
)
from app.domain.access.audit.verification import AuditVerification, KnownHead, verify_trail

__all__ = [
    "ACTS",
    "CHANGES",
    "ActNotFound",
    "ActView",
    "AuditAct",
    "AuditChange",
    "AuditHead",
    "AuditLink",
    "AuditVerification",
    "ChangeView",
    "KnownHead",
    "Provenance",
    "RowValues",
    "act_arguments",
    "changes_of",
    "get_act",
    "get_audit_head",
    "list_acts",
    "read_head",
    "record_act",
    "record_refusal",
    "recorded_with",
    "seal_trail",
    "verify_trail",
]
