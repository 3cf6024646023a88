"""The committed contract is what the code builds, and breaks no client without saying so."""

import json
import re
import subprocess
from copy import deepcopy
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.api.routers import API
from app.contract import document_schema_texts, openapi_text, schema_text
from tests.architecture.source import ROOT
from tests.faces.breaking_changes import (
    breaking_in_graphql,
    breaking_in_openapi,
    unannounced_in_graphql,
    unannounced_in_openapi,
)

OPENAPI = "docs/openapi.json"
SCHEMA = "app/graphql/schema.graphql"
DECLARED = "docs/breaking-changes.md"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(openapi_text())
    return content


def test_the_committed_openapi_document_is_what_the_code_builds() -> None:
    assert (ROOT / OPENAPI).read_text("utf-8") == openapi_text(), "run `make contract`"


def test_the_committed_schema_is_what_the_code_builds() -> None:
    assert (ROOT / SCHEMA).read_text("utf-8") == schema_text(), "run `make contract`"


def test_the_committed_schemas_of_documents_are_what_the_code_builds() -> None:
    for path, text in document_schema_texts().items():
        assert (ROOT / path).read_text("utf-8") == text, "run `make contract`"


def test_the_texts_are_the_same_each_time() -> None:
    assert openapi_text() == openapi_text()
    assert schema_text() == schema_text()


def test_the_document_names_if_match_where_it_is_heeded(document: dict[str, Any]) -> None:
    heeding = {
        route.operation_id
        for router in API
        for route in router.routes
        if isinstance(route, APIRoute) and "check_if_match" in route.endpoint.__code__.co_names
    }
    described = {
        operation["operationId"]: operation
        for operations in document["paths"].values()
        for operation in operations.values()
    }
    named = {
        name
        for name, operation in described.items()
        if any(each["name"] == "If-Match" for each in operation.get("parameters", ()))
    }
    assert named == heeding
    assert "update_unit" in heeding
    assert {name for name, each in described.items() if "412" in each["responses"]} == heeding


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', openapi_text()):
        target = document
        for part in reference.split("/"):
            target = target[part]


def test_no_schema_is_named_by_where_it_lies_in_the_code(document: dict[str, Any]) -> None:
    # So FastAPI names two classes with one name, and clients are generated with these names.
    named = [name for name in document["components"]["schemas"] if "__" in name]
    assert not named, "two classes of the interface have one name"


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            assert operation.get("tags"), (method, path)
            for parameter in operation.get("parameters", ()):
                has_words = parameter.get("description") or parameter["in"] == "path"
                assert has_words, (method, path, parameter["name"])


def last_release() -> str | None:
    """The newest tag that this state follows, None before the first release."""
    found = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip() or None


def undeclared(changes: list[str], declared: str) -> list[str]:
    """The changes that the document of declared ones does not name, word for word."""
    return [change for change in changes if f"`{change}`" not in declared]


def test_no_client_is_broken_without_saying_so(document: dict[str, Any]) -> None:
    release = last_release()
    if release is None:
        assert "`" not in (ROOT / DECLARED).read_text("utf-8").partition("## ")[2]
        return
    changes = [
        *breaking_in_openapi(json.loads(committed(release, OPENAPI)), document),
        *breaking_in_graphql(committed(release, SCHEMA), schema_text()),
    ]
    assert undeclared(changes, (ROOT / DECLARED).read_text("utf-8")) == []


def test_what_goes_was_announced_by_the_release_before(document: dict[str, Any]) -> None:
    """From 1.0.0 on nothing goes that the last release had not deprecated."""
    release = last_release()
    if release is None or release.removeprefix("v").startswith("0."):
        return
    old = committed(release, OPENAPI), committed(release, SCHEMA)
    gone = unannounced_in_openapi(json.loads(old[0]), document)
    assert gone + unannounced_in_graphql(old[1], schema_text()) == []


def releases_told(changelog: str) -> list[str]:
    """The versions of which the changelog tells as released, the newest first."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)


def test_a_release_that_the_changelog_tells_of_is_there_to_compare_with() -> None:
    """A clone without its tags would find no release, and pass whatever it breaks."""
    told = releases_told((ROOT / "CHANGELOG.md").read_text("utf-8"))
    found = last_release()
    assert (found or "").removeprefix("v") == (told[0] if told else ""), "fetch the tags"


def test_released_versions_are_read_from_the_changelog() -> None:
    changelog = "## [Unreleased]\n\n## [1.2.0] - 2027-03-01\n\n## [1.1.3] - 2027-01-08\n"
    assert releases_told(changelog) == ["1.2.0", "1.1.3"]


def committed(release: str, path: str) -> str:
    return subprocess.run(
        ["git", "show", f"{release}:{path}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


# The comparison itself, on documents made for it.

THING = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "colour": {"enum": ["red", "blue"], "type": "string"},
        "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    },
}
OLD: dict[str, Any] = {
    "paths": {
        "/things": {
            "post": {
                "operationId": "create_thing",
                "parameters": [{"name": "shop", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/New"}}
                    },
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        }
                    }
                },
            }
        }
    },
    "components": {"schemas": {"New": THING, "Thing": deepcopy(THING)}},
}
POST = ("paths", "/things", "post")
NEW, SHOWN = ("components", "schemas", "New"), ("components", "schemas", "Thing")


def changed(*path: Any, to: Any = None) -> dict[str, Any]:
    """The old document with one part set, or without it."""
    content = deepcopy(OLD)
    *way, last = path
    inner: Any = content
    for part in way:
        inner = inner[part]
    if to is None:
        del inner[last]
    else:
        inner[last] = to
    return content


@pytest.mark.parametrize(
    ("new", "line"),
    [
        (changed("paths", "/things"), "POST /things is gone"),
        (changed(*POST), "POST /things is gone"),
        (
            changed(*POST, "operationId", to="make_thing"),
            "POST /things is no longer called create_thing",
        ),
        (
            changed(*POST, "parameters", to=[]),
            "POST /things no longer takes the parameter shop",
        ),
        (
            changed(*POST, "parameters", 0, "required", to=True),
            "POST /things now requires the parameter shop",
        ),
        (
            changed(*POST, "parameters", 0, "schema", to={"type": "integer"}),
            "POST /things shop takes another type",
        ),
        (
            changed(*NEW, "required", to=["name", "colour"]),
            "POST /things body now requires the field colour",
        ),
        (
            changed(*NEW, "properties", "size"),
            "POST /things body no longer takes the field size",
        ),
        (
            changed(*NEW, "properties", "size", to={"type": "integer"}),
            "POST /things body.size takes another type",
        ),
        (
            changed(*NEW, "properties", "colour", "enum", to=["red"]),
            "POST /things body.colour no longer takes blue",
        ),
        (
            changed(*SHOWN, "properties", "colour"),
            "POST /things 201 no longer has colour",
        ),
        (
            changed(*SHOWN, "properties", "name", to={"type": "integer"}),
            "POST /things 201.name is of another type",
        ),
        (changed(*POST, "responses", to={"200": {}}), "POST /things no longer answers 201"),
        (
            changed(*NEW, "properties", "name", to={"type": "string", "maxLength": 5}),
            "POST /things body.name has a lower maxLength",
        ),
        (
            changed(*NEW, "properties", "name", to={"type": "string", "minLength": 2}),
            "POST /things body.name has a higher minLength",
        ),
        (
            changed(*NEW, "properties", "name", to={"type": "string", "pattern": "^a"}),
            "POST /things body.name has another pattern",
        ),
        (changed(*SHOWN, "required", to=[]), "POST /things 201 may leave out name"),
    ],
)
def test_a_broken_client_is_found(new: dict[str, Any], line: str) -> None:
    assert f"REST: {line}" in breaking_in_openapi(OLD, new)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        changed("paths", "/others", to={"get": {"operationId": "x", "responses": {}}}),
        changed(*POST, "parameters", 0, "description", to="which"),
        changed(*NEW, "required", to=[]),
        changed(*NEW, "properties", "weight", to={"type": "integer"}),
        changed(*NEW, "properties", "colour", "enum", to=["red", "blue", "green"]),
        changed(*SHOWN, "properties", "weight", to={"type": "integer"}),
        changed(*SHOWN, "properties", "name", to={"type": "string", "maxLength": 5}),
        changed(*SHOWN, "required", to=["name", "colour"]),
        changed(*SHOWN, "properties", "colour", "enum", to=["red", "blue", "green"]),
        changed(*SHOWN, "properties", "size", to={"type": "integer"}),
    ],
)
def test_what_clients_can_ignore_breaks_nobody(new: dict[str, Any]) -> None:
    assert breaking_in_openapi(OLD, new) == []


HOURS = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": "^[0-9]+$"},
        {"type": "null"},
    ]
}
CIRCLE = {
    "type": "object",
    "required": ["radius"],
    "properties": {"radius": {"type": "number"}, "colour": {"enum": ["red"]}},
}
SQUARE = {"type": "object", "required": ["side"], "properties": {"side": {"type": "number"}}}
UNITED = changed(
    "components", "schemas",
    to={
        "New": {
            "type": "object",
            "properties": {
                "hours": HOURS,
                "shapes": {"type": "array", "items": {"oneOf": [CIRCLE, SQUARE]}},
                "by_name": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "Thing": {"oneOf": [*deepcopy([CIRCLE, SQUARE]), {"type": "null"}]},
    },
)  # fmt: skip
FIELDS = ("components", "schemas", "New", "properties")
SHAPES = (*FIELDS, "shapes", "items", "oneOf")


def united(*path: Any, to: Any) -> dict[str, Any]:
    """The document with unions, with one part set."""
    content = deepcopy(UNITED)
    *way, last = path
    inner: Any = content
    for part in way:
        inner = inner[part]
    inner[last] = to
    return content


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (united(*FIELDS, "hours", "anyOf", 1, "pattern", to="^[1-9]$"),
         ["body.hours has another pattern"]),
        (united(*FIELDS, "hours", "anyOf", 0, "minimum", to=1),
         ["body.hours has a higher minimum"]),
        (united(*FIELDS, "hours", to={"anyOf": HOURS["anyOf"][:2]}),
         ["body.hours takes another type"]),
        (united(*FIELDS, "hours", to={"anyOf": HOURS["anyOf"][1:]}),
         ["body.hours takes another type"]),
        (united(*SHAPES, to=[SQUARE]),
         ["body.shapes[] no longer takes the field colour",
          "body.shapes[] no longer takes the field radius",
          "body.shapes[] now requires the field side"]),
        (united(*SHAPES, 1, "required", to=["side", "colour"]),
         ["body.shapes[] now requires the field colour"]),
        (united(*SHAPES, 0, "properties", "colour", "enum", to=["blue"]),
         ["body.shapes[].colour no longer takes red"]),
        (united(*FIELDS, "by_name", "additionalProperties", to={"type": "integer"}),
         ["body.by_name{} takes another type"]),
        (united(*FIELDS, "by_name", "additionalProperties", to=False),
         ["body.by_name no longer takes fields that it does not name"]),
        (united("components", "schemas", "Thing", "oneOf", 1, "properties", to={}),
         ["201 no longer has side"]),
        (united("components", "schemas", "Thing", "oneOf", 1, "required", to=[]),
         ["201 may leave out side"]),
        (united("components", "schemas", "Thing", "oneOf", 2, to={"type": "string"}),
         ["201 is of another type"]),
        (united("components", "schemas", "Thing", "oneOf", 0,
                to={"type": "object", "properties": {"edges": {"type": "integer"}}}),
         ["201 no longer has side"]),
    ],
)  # fmt: skip
def test_what_breaks_clients_within_one_of_several_forms_is_found(
    new: dict[str, Any], lines: list[str]
) -> None:
    assert breaking_in_openapi(UNITED, new) == [f"REST: POST /things {line}" for line in lines]


@pytest.mark.parametrize(
    "new",
    [
        UNITED,
        united(*FIELDS, "hours", "anyOf", to=HOURS["anyOf"][::-1]),
        united(*FIELDS, "hours", "anyOf", to=[*HOURS["anyOf"], {"type": "boolean"}]),
        united(*FIELDS, "hours", to={}),
        united(*SHAPES, to=[SQUARE, CIRCLE, {"type": "string"}]),
        united("components", "schemas", "Thing", to=CIRCLE),
        united("components", "schemas", "Thing", "oneOf", 0, "required", to=["radius", "colour"]),
    ],
)
def test_another_form_of_requests_and_one_less_of_answers_break_nobody(
    new: dict[str, Any],
) -> None:
    assert breaking_in_openapi(UNITED, new) == []


def test_a_body_that_need_not_have_been_there_may_not_be_asked_for() -> None:
    old = changed(*POST, "requestBody", "required", to=False)
    assert breaking_in_openapi(old, OLD) == ["REST: POST /things now requires a body"]
    assert breaking_in_openapi(OLD, old) == []


def test_a_broken_client_of_graphql_is_found() -> None:
    old = "type Query { thing(id: ID): Thing } type Thing { name: String size: String }"
    new = "type Query { thing(id: ID!): Thing } type Thing { name: String }"
    found = breaking_in_graphql(old, new)
    assert len(found) == 2
    assert found[0].startswith("GraphQL: ")
    assert breaking_in_graphql(new, new) == []


def test_what_goes_without_notice_is_found() -> None:
    noted = changed(*POST, "deprecated", to=True)
    assert unannounced_in_openapi(OLD, changed(*POST)) == ["REST: POST /things"]
    assert unannounced_in_openapi(noted, changed("paths", "/things")) == []
    assert unannounced_in_openapi(OLD, OLD) == []
    old = 'type Query { a: Int, b: Int @deprecated(reason: "see a"), c: C } type C { d: Int }'
    new = "type Query { a: Int }"
    assert unannounced_in_graphql(old, new) == ["GraphQL: C.d", "GraphQL: Query.c"]
    assert unannounced_in_graphql(old, old) == []


@pytest.mark.parametrize("path", [OPENAPI, SCHEMA])
def test_an_edit_of_the_committed_contract_that_breaks_clients_is_found(path: str) -> None:
    """The real interface, with one thing taken out of it, as somebody might."""
    whole = (ROOT / path).read_text("utf-8")
    if path == OPENAPI:
        document = json.loads(whole)
        del document["paths"]["/api/v1/teachers/{teacher_id}"]["get"]
        found = breaking_in_openapi(json.loads(whole), document)
        assert found == ["REST: GET /api/v1/teachers/{teacher_id} is gone"]
    else:
        edited = re.sub(r"^(  countedCredits: \w+)!$", r"\1", whole, flags=re.MULTILINE)
        found = breaking_in_graphql(whole, edited)
        assert found
        assert all("countedCredits changed type" in each for each in found)


def test_a_declared_change_passes_and_another_does_not() -> None:
    changes = ["REST: GET /a is gone", "REST: GET /b is gone"]
    assert undeclared(changes, "- `REST: GET /a is gone`: nobody used it") == [changes[1]]


def test_this_interface_against_itself(document: dict[str, Any]) -> None:
    assert breaking_in_openapi(document, document) == []
    assert breaking_in_graphql(schema_text(), schema_text()) == []
