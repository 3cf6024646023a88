"""Forms of activities (活动样式): a city's own vocabulary of what is held and how, version by version.

In reading order: `form` (what it declares, the door, reads), `publishing`, `shipped` (the forms that
the source documents name, which a city begins with).
"""

from app.domain.training.forms.form import (
    FORMS,
    ActivityForm,
    EvidencePer,
    FormEvidence,
    FormFields,
    FormNotFound,
    FormSource,
    FormStep,
    FormView,
    forms_by_id,
    get_form,
    list_forms,
)
from app.domain.training.forms.publishing import (
    FormEnded,
    FormNeedsCity,
    NewForm,
    NewFormEvidence,
    NewFormSource,
    NewFormStep,
    form_row,
    load_forms,
    publish_form,
    retire_form,
)

__all__ = [
    "FORMS",
    "ActivityForm",
    "EvidencePer",
    "FormEnded",
    "FormEvidence",
    "FormFields",
    "FormNeedsCity",
    "FormNotFound",
    "FormSource",
    "FormStep",
    "FormView",
    "NewForm",
    "NewFormEvidence",
    "NewFormSource",
    "NewFormStep",
    "form_row",
    "forms_by_id",
    "get_form",
    "list_forms",
    "load_forms",
    "publish_form",
    "retire_form",
]
