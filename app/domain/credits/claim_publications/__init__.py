"""Publications (公示): approved claims shown for some days before they are entered, for objection.

Where the pack says so (R202). Shown are a masked name, the school, the title and the amount, no longer
than the days; then what nobody objects to is entered. Read `publication`, then `objections`, `settling`.
"""

from app.domain.credits.claim_publications.objections import (
    OBJECTIONS,
    ClaimObjection,
    ClaimObjectionDecided,
    ClaimObjectionNotFound,
    ClaimObjectionOfOneself,
    ClaimObjectionRaised,
    ClaimObjectionView,
    NewClaimObjection,
    ObjectionDecision,
    decide_claim_objection,
    list_claim_objections,
    list_own_claim_objections,
    object_to_claim,
)
from app.domain.credits.claim_publications.publication import (
    PUBLICATIONS,
    ClaimPublication,
    ClaimPublicationNotFound,
    ClaimPublicationView,
    ClaimsNotPublishable,
    NewClaimPublication,
    PublishedClaimView,
    get_claim_publication,
    list_claim_publications,
    list_published_claims,
    publish_claims,
)
from app.domain.credits.claim_publications.settling import enter_published_claims

__all__ = [
    "OBJECTIONS",
    "PUBLICATIONS",
    "ClaimObjection",
    "ClaimObjectionDecided",
    "ClaimObjectionNotFound",
    "ClaimObjectionOfOneself",
    "ClaimObjectionRaised",
    "ClaimObjectionView",
    "ClaimPublication",
    "ClaimPublicationNotFound",
    "ClaimPublicationView",
    "ClaimsNotPublishable",
    "NewClaimObjection",
    "NewClaimPublication",
    "ObjectionDecision",
    "PublishedClaimView",
    "decide_claim_objection",
    "enter_published_claims",
    "get_claim_publication",
    "list_claim_objections",
    "list_claim_publications",
    "list_own_claim_objections",
    "list_published_claims",
    "object_to_claim",
    "publish_claims",
]
