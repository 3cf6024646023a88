"""Certificates over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import certificates
from app.domain.credits.certificates import (
    CertificateBatchOpinion,
    CertificateBatchState,
    CertificateBatchView,
    CertificateCandidateView,
    CertificateEnd,
    CertificateKind,
    CertificateStands,
    CertificateState,
    CertificateView,
    CredentialView,
    NewCertificateBatch,
)
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.security import passwords


@node(
    certificates.BATCHES,
    name="CertificateBatch",
    description="发证批次 / a batch of certificates",
)
class CertificateBatchNode(Node, CertificateBatchView):
    """A batch of certificates."""


@node(
    certificates.CANDIDATES,
    name="CertificateCandidate",
    description="申报人员 / somebody proposed for a certificate",
)
class CertificateCandidateNode(Node, CertificateCandidateView):
    """Somebody who is proposed in a batch."""


@node(certificates.CERTIFICATES, name="Certificate", description="证书 / a certificate")
class CertificateNode(Node, CertificateView):
    """A certificate and whose it is."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@strawberry.pydantic.type(
    name="CertificateCredential", description="可验证凭证 / a verifiable credential"
)
class CertificateCredentialNode(CredentialView):
    """A signed credential."""


@strawberry.pydantic.input(name="NewCertificateBatch")
class NewCertificateBatchInput(NewCertificateBatch):
    """For whom certificates are proposed."""


@strawberry.pydantic.input(name="CertificateBatchOpinion")
class CertificateBatchOpinionInput(CertificateBatchOpinion):
    """Why a batch is returned."""


@strawberry.pydantic.input(name="CertificateEnd")
class CertificateEndInput(CertificateEnd):
    """Why a certificate is to hold no more."""


@strawberry.pydantic.input(name="CertificateStands")
class CertificateStandsInput(CertificateStands):
    """Why a certificate stands."""


@strawberry.type
class CertificateQueries:
    """What may be asked about certificates."""

    @strawberry.field(
        description="发证批次 / one batch of certificates", graphql_type=CertificateBatchNode
    )
    async def certificate_batch(self, info: Info[Context], id: UUID) -> Any:
        """One batch."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: certificates.get_certificate_batch(db, actor, batch_id=id)
        )

    @strawberry.field(
        description="发证批次 / batches of certificates",
        graphql_type=Connection[CertificateBatchNode],
    )
    async def certificate_batches(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: CertificateKind | None = None,
        state: CertificateBatchState | None = None,
    ) -> Any:
        """A page of batches."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: certificates.list_certificate_batches(
                db, actor, page=page, unit_id=unit_id, kind=kind, state=state
            ),
        )

    @strawberry.field(
        description="批次的申报人员 / who is proposed in a batch",
        graphql_type=Connection[CertificateCandidateNode],
    )
    async def certificate_candidates(
        self,
        info: Info[Context],
        batch_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of those who are proposed."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: certificates.list_certificate_candidates(
                db, actor, batch_id=batch_id, page=page
            ),
        )

    @strawberry.field(description="证书 / one certificate", graphql_type=CertificateNode)
    async def certificate(self, info: Info[Context], id: UUID) -> Any:
        """One certificate."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: certificates.get_certificate(db, actor, certificate_id=id)
        )

    @strawberry.field(description="证书 / certificates", graphql_type=Connection[CertificateNode])
    async def certificates(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        batch_id: UUID | None = None,
        kind: CertificateKind | None = None,
        state: CertificateState | None = None,
    ) -> Any:
        """A page of certificates."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: certificates.list_certificates(
                db, actor, page=page, teacher_id=teacher_id, batch_id=batch_id, kind=kind,
                state=state,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="可验证凭证（Open Badges 3.0） / the credential of a certificate",
        graphql_type=CertificateCredentialNode,
    )
    async def certificate_credential(self, info: Info[Context], certificate_id: UUID) -> Any:
        """The credential of a certificate."""
        context = info.context
        return await context.read(
            lambda db: certificates.get_certificate_credential(
                db, context.actor, certificate_id=certificate_id, signer=context.held.signer,
                issuer=context.held.credential_issuer,
            )
        )  # fmt: skip


@strawberry.type
class CertificateMutations:
    """What may be done with certificates."""

    @strawberry.mutation(
        description="申报证书 / propose certificates", graphql_type=CertificateBatchNode
    )
    async def draw_up_certificate_batch(
        self, info: Info[Context], new: NewCertificateBatchInput
    ) -> Any:
        """Propose certificates for whoever qualifies."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.draw_up_certificate_batch(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="批准并发证 / approve a batch", graphql_type=CertificateBatchNode
    )
    async def approve_certificate_batch(self, info: Info[Context], batch_id: UUID) -> Any:
        """Approve a batch."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.approve_certificate_batch(
                db, actor, batch_id=batch_id, new_code=passwords.new_verification_code, now=now()
            )

    @strawberry.mutation(description="退回批次 / return a batch", graphql_type=CertificateBatchNode)
    async def return_certificate_batch(
        self, info: Info[Context], batch_id: UUID, opinion: CertificateBatchOpinionInput
    ) -> Any:
        """Return a batch."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.return_certificate_batch(
                db, actor, batch_id=batch_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(
        description="撤回批次 / withdraw a batch", graphql_type=CertificateBatchNode
    )
    async def withdraw_certificate_batch(self, info: Info[Context], batch_id: UUID) -> Any:
        """Withdraw a batch that one drew up."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.withdraw_certificate_batch(
                db, actor, batch_id=batch_id, now=now()
            )

    @strawberry.mutation(
        description="撤销证书 / revoke a certificate", graphql_type=CertificateNode
    )
    async def revoke_certificate(
        self, info: Info[Context], certificate_id: UUID, end: CertificateEndInput
    ) -> Any:
        """Revoke a certificate."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.revoke_certificate(
                db, actor, certificate_id=certificate_id, end=end, now=now()
            )

    @strawberry.mutation(
        description="维持存疑证书 / uphold a certificate in doubt", graphql_type=CertificateNode
    )
    async def uphold_certificate(
        self, info: Info[Context], certificate_id: UUID, stands: CertificateStandsInput
    ) -> Any:
        """Say why a certificate stands."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.uphold_certificate(
                db, actor, certificate_id=certificate_id, stands=stands, now=now()
            )

    @strawberry.mutation(
        description="换发证书 / replace a certificate", graphql_type=CertificateNode
    )
    async def replace_certificate(
        self, info: Info[Context], certificate_id: UUID, end: CertificateEndInput
    ) -> Any:
        """Issue a certificate anew with the name of the register."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await certificates.replace_certificate(
                db, actor, certificate_id=certificate_id, end=end,
                new_code=passwords.new_verification_code, now=now(),
            )  # fmt: skip
