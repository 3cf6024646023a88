"""Official documents (公文): what a unit issues, or registers of others, to whom, resting on what, until when.

`vocabulary` has the closed words and who may issue which kind, `table` what a document is, `document`
who sees it and how it stands on a day, `bases` on what it may rest, `drafting` and `issuing` what is
done with it, `receipts` which addressees have confirmed that it came, `opening` its file.

A number and a date stay as they are printed, with their defects noted; what is compared is the plain
number. 岳市教发〔2013〕18号 is signed 2013-05-07 and published 2013-06-18: both days are kept.
"""

from app.domain.quality.official_documents.bases import (
    DocumentBasisNotInForce,
    DocumentBasisOfItself,
    DocumentBasisUnknown,
    check_bases,
)
from app.domain.quality.official_documents.days import check_order, check_years
from app.domain.quality.official_documents.document import (
    DOCUMENTS,
    DocumentView,
    OfficialDocumentNotFound,
    documents_by_id,
    get_official_document,
    is_open_to,
    is_repealed,
    list_addressed_documents,
    list_official_documents,
    plain_number,
    status_on,
)
from app.domain.quality.official_documents.drafting import (
    DocumentAddresseeOutside,
    DocumentDraft,
    DocumentIssuerUnfit,
    DocumentWrongState,
    NewOfficialDocument,
    check_document_state,
    create_official_document,
    open_document,
    rewrite_official_document,
)
from app.domain.quality.official_documents.issuing import (
    DocumentDaysDisagree,
    DocumentIssuedAhead,
    DocumentNotInForce,
    DocumentNumberTaken,
    DocumentReceiptUnfit,
    DocumentRepeal,
    DocumentSuccessorUnfit,
    DocumentSupersedesItself,
    DocumentSupersessionCircle,
    DocumentWithoutDate,
    issue_official_document,
    repeal_official_document,
)
from app.domain.quality.official_documents.opening import create_document_file_link
from app.domain.quality.official_documents.receipts import (
    DocumentNotAddressed,
    DocumentReceiptView,
    ReceivingUnit,
    list_document_receipts,
    receive_official_document,
)
from app.domain.quality.official_documents.table import (
    DocumentAddressee,
    DocumentBasis,
    DocumentFields,
    OfficialDocument,
)
from app.domain.quality.official_documents.vocabulary import (
    AddresseeSet,
    DocumentKind,
    DocumentState,
    DocumentStatus,
)

__all__ = [
    "DOCUMENTS",
    "AddresseeSet",
    "DocumentAddressee",
    "DocumentAddresseeOutside",
    "DocumentBasis",
    "DocumentBasisNotInForce",
    "DocumentBasisOfItself",
    "DocumentBasisUnknown",
    "DocumentDaysDisagree",
    "DocumentDraft",
    "DocumentFields",
    "DocumentIssuedAhead",
    "DocumentIssuerUnfit",
    "DocumentKind",
    "DocumentNotAddressed",
    "DocumentNotInForce",
    "DocumentNumberTaken",
    "DocumentReceiptUnfit",
    "DocumentReceiptView",
    "DocumentRepeal",
    "DocumentState",
    "DocumentStatus",
    "DocumentSuccessorUnfit",
    "DocumentSupersedesItself",
    "DocumentSupersessionCircle",
    "DocumentView",
    "DocumentWithoutDate",
    "DocumentWrongState",
    "NewOfficialDocument",
    "OfficialDocument",
    "OfficialDocumentNotFound",
    "ReceivingUnit",
    "check_bases",
    "check_document_state",
    "check_order",
    "check_years",
    "create_document_file_link",
    "create_official_document",
    "documents_by_id",
    "get_official_document",
    "is_open_to",
    "is_repealed",
    "issue_official_document",
    "list_addressed_documents",
    "list_document_receipts",
    "list_official_documents",
    "open_document",
    "plain_number",
    "receive_official_document",
    "repeal_official_document",
    "rewrite_official_document",
    "status_on",
]
