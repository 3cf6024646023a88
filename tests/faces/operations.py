"""What both faces offer, read from what the code builds, and how the names of one follow the other's."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import GraphQLField, GraphQLObjectType

from app.api.exchange.rostering import OPERATIONS as ROSTERING
from app.api.learning.learning_records import OPERATIONS as XAPI
from app.graphql.schema import schema
from app.main import create_application
from app.settings import Settings

WITHOUT_GRAPHQL: dict[str, str] = {
    "issue_token": "A token is what GraphQL is asked with.",
    "revoke_token": "A token that is given back, at the address that the standard names.",
    "start_device_code": "Asked by a device that has no token yet.",
    "get_authorisation_server": "Where everything of OAuth is, at the address of the standard.",
    "get_keys": "The keys are for whoever verifies a token, at the address that the standard names.",
    "get_ledger_keys": "The keys are for whoever verifies a head, without an account.",
    "get_health": "Asked by a supervisor, which speaks no GraphQL.",
    "get_readiness": "Asked by a supervisor, which speaks no GraphQL.",
    "get_metrics": "Asked by a monitoring system, in its own text format.",
    "get_calendar": "Read by calendar programs, which know an address and nothing else.",
    "post_graphql": "It is GraphQL itself.",
    "get_batch_content": "A file of any size, streamed as JSON Lines or CSV.",
    "get_list_content": "A file of any size, streamed; GraphQL has the list itself.",
    "get_export_content": "Fetched by a link without a token.",
    "get_archive_bundle": "A file of any size, streamed as it is made; its index can be asked for.",
    "get_certificate_document": "A document in PDF; what it says can be asked for.",
    "get_credential_issuer": "The keys are for whoever verifies a credential, where did:web has them.",
    "get_credential_status_list": "Read by verifiers of credentials, in the form of the standard.",
    "verify_certificate": "Asked by whoever holds a certificate in the hand, without an account.",
    "get_survey_form": "Asked by parents, who have no account.",
    "answer_survey_form": "Sent by parents, who have no account.",
    "upload_file": "Bytes of a picture or a recording, taken in as they come.",
    "create_import": "A file of any size, taken in as it comes.",
    "get_returned_file": "A file of any size, streamed; its rows can be asked for.",
    "get_import_template": "A workbook to be filled in.",
    "get_file_content": "Fetched by a link without a token, as an image or a player does it.",
    "get_collection_form_workbook": "A workbook; all that is in it is in the field `formTotals`.",
    "get_form_return_workbook": "A workbook; all that is in it is in the field `formReturnCells`.",
    "get_statement_document": "A document; all that is in it is in the field `statement`.",
    "get_statement_sheet": "A workbook; all that is in it is in the field `statement`.",
    **dict.fromkeys(
        ("get_report_pdf", "get_report_docx", "get_report_xlsx", "get_report_chart"),
        "A file or a picture; all that is in it is in the field `report`.",
    ),
    "get_record": "A file of any size, streamed; all that is in it can be asked for piece by piece.",
    **dict.fromkeys(XAPI, "xAPI, a foreign specification: what was told is in GraphQL as ours."),
    **dict.fromkeys(
        ROSTERING, "OneRoster, a foreign specification: what it shows is in GraphQL as ours."
    ),
}
"""Operations of REST without a field of GraphQL, with the reason."""

PUBLIC: dict[str, str] = {
    "verify_certificate": "Anybody who has the code printed on a certificate may verify it.",
}
"""Operations below `/api/v1` that need no token, with the reason."""

WITHOUT_REST: dict[str, str] = {
    "node": "One address of REST is one kind of thing; its key alone does not say which.",
    "nodes": "As `node`, for many at once.",
}
"""Fields of GraphQL without an operation of REST, with the reason."""


@dataclass(frozen=True)
class Operation:
    """An operation of the REST face."""

    name: str
    method: str
    path: str
    document: dict[str, Any]

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def field(self) -> str:
        """The name of its twin in GraphQL: `get_unit` is `unit`, `list_units` `units`."""
        name = self.name
        if self.is_read:
            name = name.removeprefix("get_").removeprefix("list_")
        return camel(name)

    @property
    def needs_token(self) -> bool:
        """Whether it stands in the access matrix: the addresses of OneRoster and xAPI are held to
        the lists and the things of this interface instead, for every actor, where they are tested."""
        return self.path.startswith(("/api/", "/graphql")) and self.name not in PUBLIC


@lru_cache
def rest_document() -> dict[str, Any]:
    """The OpenAPI document."""
    return create_application(Settings(_env_file=None)).openapi()  # type: ignore[call-arg]


@lru_cache
def rest_operations() -> dict[str, Operation]:
    """Every operation of the REST face by its operation id."""
    document = rest_document()
    found = [
        Operation(content["operationId"], method.upper(), path, content)
        for path, methods in document["paths"].items()
        for method, content in methods.items()
    ]
    assert len({each.name for each in found}) == len(found), "operation ids are not unique"
    return {each.name: each for each in found}


def graphql_root(kind: str) -> GraphQLObjectType:
    """The type `Query` or `Mutation`."""
    root = schema._schema.get_type(kind)
    assert isinstance(root, GraphQLObjectType)
    return root


def graphql_fields() -> dict[str, GraphQLField]:
    """Every query and every mutation by its name."""
    queries, mutations = graphql_root("Query").fields, graphql_root("Mutation").fields
    assert not queries.keys() & mutations.keys()
    return {**queries, **mutations}


def camel(name: str) -> str:
    """A name in snake case as GraphQL writes it."""
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)
