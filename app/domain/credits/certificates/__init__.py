"""Certificates (证书): that somebody has met all that a cycle asks, or was credited a training.

「获得由市教委监制的培训证书」: a school or a county bureau proposes whoever qualifies (`batch`, `qualifying`,
`drawing_up`); the city's authority decides, and what it approves is numbered and stands (`issuing`), until it
is revoked or replaced (`ending`); where credit that it rests on is reversed, the authority is told (`doubts`).
`documents` makes what is printed, `sealing` has it sealed, `credentials` signs the same for machines,
`verifying` answers whoever has the code.
"""

from app.domain.credits.certificates.batch import (
    BATCHES,
    CANDIDATES,
    CertificateBatch,
    CertificateBatchNotFound,
    CertificateBatchOpinion,
    CertificateBatchState,
    CertificateBatchView,
    CertificateCandidate,
    CertificateCandidateView,
    CertificateKind,
    CertificateOmission,
    NewCertificateBatch,
    get_certificate_batch,
    list_certificate_batches,
    list_certificate_candidates,
)
from app.domain.credits.certificates.certificate import (
    CERTIFICATES,
    Certificate,
    CertificateEnd,
    CertificateNotFound,
    CertificateSeries,
    CertificateStands,
    CertificateState,
    CertificateView,
    SealState,
    get_certificate,
    list_certificates,
)
from app.domain.credits.certificates.credentials import (
    CredentialView,
    Issuer,
    Signer,
    get_certificate_credential,
    issuer_document,
    sign_status_list,
)
from app.domain.credits.certificates.documents import Press, Typesetter, get_certificate_document
from app.domain.credits.certificates.doubts import (
    CertificateNotDoubted,
    Struck,
    doubt_certificates,
    uphold_certificate,
)
from app.domain.credits.certificates.drawing_up import (
    ActivityNotClosedYet,
    NobodyQualifies,
    draw_up_certificate_batch,
)
from app.domain.credits.certificates.ending import (
    CertificateDoubted,
    CertificateEnded,
    CertificateNameRight,
    CertificateOfOneself,
    replace_certificate,
    revoke_certificate,
)
from app.domain.credits.certificates.issuing import (
    CertificateBatchDecided,
    CertificateBatchNotOnesOwn,
    CertificateBatchOfOneself,
    CertifiedMeanwhile,
    approve_certificate_batch,
    return_certificate_batch,
    withdraw_certificate_batch,
)
from app.domain.credits.certificates.qualifying import CertificateRulesSuperseded
from app.domain.credits.certificates.sealing import (
    Seal,
    Sealer,
    SealFailed,
    seal_next_certificate,
)
from app.domain.credits.certificates.verifying import VerifiedCertificate, verify_certificate

__all__ = [
    "BATCHES",
    "CANDIDATES",
    "CERTIFICATES",
    "ActivityNotClosedYet",
    "Certificate",
    "CertificateBatch",
    "CertificateBatchDecided",
    "CertificateBatchNotFound",
    "CertificateBatchNotOnesOwn",
    "CertificateBatchOfOneself",
    "CertificateBatchOpinion",
    "CertificateBatchState",
    "CertificateBatchView",
    "CertificateCandidate",
    "CertificateCandidateView",
    "CertificateDoubted",
    "CertificateEnd",
    "CertificateEnded",
    "CertificateKind",
    "CertificateNameRight",
    "CertificateNotDoubted",
    "CertificateNotFound",
    "CertificateOfOneself",
    "CertificateOmission",
    "CertificateRulesSuperseded",
    "CertificateSeries",
    "CertificateStands",
    "CertificateState",
    "CertificateView",
    "CertifiedMeanwhile",
    "CredentialView",
    "Issuer",
    "NewCertificateBatch",
    "NobodyQualifies",
    "Press",
    "Seal",
    "SealFailed",
    "SealState",
    "Sealer",
    "Signer",
    "Struck",
    "Typesetter",
    "VerifiedCertificate",
    "approve_certificate_batch",
    "doubt_certificates",
    "draw_up_certificate_batch",
    "get_certificate",
    "get_certificate_batch",
    "get_certificate_credential",
    "get_certificate_document",
    "issuer_document",
    "list_certificate_batches",
    "list_certificate_candidates",
    "list_certificates",
    "replace_certificate",
    "return_certificate_batch",
    "revoke_certificate",
    "seal_next_certificate",
    "sign_status_list",
    "uphold_certificate",
    "verify_certificate",
    "withdraw_certificate_batch",
]
