"""Evidence (佐证材料): what shows that something in an activity took place.

In reading order: `piece` (table, the two doors, reads), `adding`, `requirements` (what the form of an
activity asks for and is not there), `orphans` (files attached to nothing).
"""

from app.domain.training.evidence.adding import (
    EvidenceOfNobody,
    EvidenceSessionElsewhere,
    NewEvidence,
    OwnEvidence,
    add_evidence,
    create_evidence_link,
    submit_evidence,
    withdraw_evidence,
)
from app.domain.training.evidence.orphans import (
    UNATTACHED,
    UNFINISHED,
    forget_content,
    forget_unattached_files,
)
from app.domain.training.evidence.piece import (
    EVIDENCE,
    OWN_EVIDENCE,
    Evidence,
    EvidenceNotFound,
    EvidenceView,
    evidence_by_id,
    get_evidence,
    list_activity_evidence,
    list_teacher_evidence,
)
from app.domain.training.evidence.requirements import (
    MissingEvidence,
    lacks_any_evidence,
    lacks_evidence,
    list_missing_evidence,
)

__all__ = [
    "EVIDENCE",
    "OWN_EVIDENCE",
    "UNATTACHED",
    "UNFINISHED",
    "Evidence",
    "EvidenceNotFound",
    "EvidenceOfNobody",
    "EvidenceSessionElsewhere",
    "EvidenceView",
    "MissingEvidence",
    "NewEvidence",
    "OwnEvidence",
    "add_evidence",
    "create_evidence_link",
    "evidence_by_id",
    "forget_content",
    "forget_unattached_files",
    "get_evidence",
    "lacks_any_evidence",
    "lacks_evidence",
    "list_activity_evidence",
    "list_missing_evidence",
    "list_teacher_evidence",
    "submit_evidence",
    "withdraw_evidence",
]
