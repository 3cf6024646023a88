"""`yanxun contract`: the two interfaces as they are built from the code, written where git sees them."""

from pathlib import Path

from app.cli.output import console
from app.contract import document_schema_texts, openapi_text, schema_text

ROOT = Path(__file__).parents[2]


def write_contract() -> None:
    """Write docs/openapi.json, app/graphql/schema.graphql and the schemas of documents."""
    for name, text in (
        ("docs/openapi.json", openapi_text()),
        ("app/graphql/schema.graphql", schema_text()),
        *document_schema_texts().items(),
    ):
        file = ROOT / name
        changed = not file.exists() or file.read_text("utf-8") != text
        file.write_text(text, "utf-8")
        console.print(f"{name}  {'已更新 / rewritten' if changed else '无变化 / unchanged'}")
