"""Diagnoses (校本培训诊断): what a bureau found of a school's training, or of its own as a whole.

「定期对本区县的校本培训进行诊断、指导」 (岳市教发〔2013〕18号 第三十条). A diagnosis looks at a period and
may rest on visits of guidance, surveys and activities; the unit answers it once with what it will do.
"""

from app.domain.training.diagnoses.diagnosis import (
    DIAGNOSES,
    Diagnosis,
    DiagnosisAnswer,
    DiagnosisAspect,
    DiagnosisBasis,
    DiagnosisNotFound,
    DiagnosisView,
    FindingView,
    MeasureView,
    NewDiagnosis,
    NewFinding,
    NewMeasure,
    diagnoses_of,
    get_diagnosis,
    list_diagnoses,
)
from app.domain.training.diagnoses.dues import DiagnosisDue, list_diagnosis_dues
from app.domain.training.diagnoses.recording import (
    DiagnosisAnswered,
    DiagnosisAnsweredElsewhere,
    MeasureInPast,
    answer_diagnosis,
    record_diagnosis,
)

__all__ = [
    "DIAGNOSES",
    "Diagnosis",
    "DiagnosisAnswer",
    "DiagnosisAnswered",
    "DiagnosisAnsweredElsewhere",
    "DiagnosisAspect",
    "DiagnosisBasis",
    "DiagnosisDue",
    "DiagnosisNotFound",
    "DiagnosisView",
    "FindingView",
    "MeasureInPast",
    "MeasureView",
    "NewDiagnosis",
    "NewFinding",
    "NewMeasure",
    "answer_diagnosis",
    "diagnoses_of",
    "get_diagnosis",
    "list_diagnoses",
    "list_diagnosis_dues",
    "record_diagnosis",
]
