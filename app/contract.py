"""The contract: both interfaces as texts, exactly as the code builds them.

They are committed, so that a change of an interface is seen in review: `docs/openapi.json`,
`app/graphql/schema.graphql`, and the schemas of documents. `yanxun contract` writes them and a test
compares them.
"""

import json

from app.domain.credits.packs.schema import pack_schema, refinement_schema
from app.graphql.schema import schema
from app.main import create_application
from app.settings import Settings


def openapi_text() -> str:
    """The OpenAPI document of the REST face, with one member a line."""
    document = create_application(Settings(_env_file=None)).openapi()  # type: ignore[call-arg]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def schema_text() -> str:
    """The schema of the GraphQL face."""
    return schema.as_str() + "\n"


def document_schema_texts() -> dict[str, str]:
    """The JSON Schemas of what is handed in as a document, by the file that they stand in."""
    written = {"rule-pack": pack_schema(), "rule-pack-refinement": refinement_schema()}
    return {
        f"docs/{name}.schema.json": json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        for name, content in written.items()
    }
