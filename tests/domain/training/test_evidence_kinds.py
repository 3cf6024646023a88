from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.notes import NoteKind


def test_what_is_written_here_counts_under_its_own_name() -> None:
    assert {kind.value for kind in NoteKind} <= {kind.value for kind in EvidenceKind}
