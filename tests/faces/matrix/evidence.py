"""The rows of evidence: notes read and compared, files, evidence, rubrics, sheets, checks."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from app.domain.training.rubrics import STANDARD
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Personal, Row

_RUBRIC = STANDARD.model_dump(mode="json")


def _check(note_id: UUID) -> dict[str, Any]:
    return {"checks": [{"note_id": str(note_id), "note_version": 1, "verdict": "checked"}]}


_PIECE = fixed(kind="summary", title="总结", text="圆满完成。")
_READ, _WRITE = Permission.ATTENDANCE_READ, Permission.ATTENDANCE_WRITE

ROWS: dict[str, Row | Listing | Open] = {
    "get_note": Row("note", _READ, reads=True),
    "list_note_versions": Row("note", _READ, reads=True),
    "list_note_checks": Row("note", _READ, reads=True),
    "list_note_resemblances": Listing(("resemblance",), _READ),
    "get_note_resemblance": Row("resemblance", _READ, reads=True),
    "decide_note_resemblance": Row(
        "resemblance", Permission.EVIDENCE_CHECK,
        body=fixed(state="dismissed", opinion="共同撰写"),
    ),
    "upload_file": Open("It says itself where; tests/domain/training/test_files.py asks who may."),
    "list_files": Listing(("file",), Permission.FILE_READ),
    "get_file": Row("file", Permission.FILE_READ, reads=True),
    "create_file_link": Row("file", Permission.FILE_READ, body=fixed(purpose="view")),
    "share_file": Row("file", _WRITE, body=fixed(sharing="unit")),
    "list_activity_evidence": Row("offered", _READ),
    "list_missing_evidence": Row("offered", _READ),
    "add_evidence": Row("offered", _WRITE, body=_PIECE),
    "submit_evidence": Personal("offered", Permission.PARTICIPATE, body=_PIECE),
    "list_teacher_evidence": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "get_evidence": Row("evidence", _READ, reads=True),
    "create_evidence_link": Row("evidence", _READ, body=fixed(purpose="download")),
    "withdraw_evidence": Row("evidence", _WRITE),
    "list_evidence_checks": Row("evidence", _READ, reads=True),
    "check_evidence": Row("note", Permission.EVIDENCE_CHECK, body=_check, in_body=True),
    "list_rubrics": Listing(("rubric",), Permission.ACTIVITY_READ, published=True),
    "get_rubric": Row("rubric", Permission.ACTIVITY_READ, reads=True),
    "get_standard_rubric": Open("It is shipped, and the same for everybody."),
    "publish_rubric": Row(
        "unit", Permission.RUBRIC_PUBLISH, body=of_unit(**_RUBRIC), in_body=True
    ),
    "submit_observation_sheet": Open(
        "Who teaches beside, guides or keeps records: tests/domain/training/test_observation_sheets.py."
    ),
    "get_observation_sheet": Row("sheet", _READ, reads=True),
    "answer_observation_sheet": Row(
        "sheet", Permission.RECORD_OWN, body=fixed(answer="谢谢指点。")
    ),
    "list_observation_sheet_checks": Row("sheet", _READ, reads=True),
    "list_teacher_observation_sheets": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "list_observation_sheets": Row("offered", _READ),
    "list_own_observations": Listing(("observation",), Permission.PARTICIPATE),
}  # fmt: skip
