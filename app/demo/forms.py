"""The forms of activities with which the demo city begins, as every city does: those that ship."""

from uuid import UUID

from msgspec import json

from app.demo.keys import Keys
from app.demo.places import RECORDED, Place
from app.demo.rows import Rows
from app.domain.training.forms import ActivityForm, form_row
from app.domain.training.forms.shipped import shipped_forms


def publish_forms(rows: Rows, keys: Keys, city: Place) -> dict[str, UUID]:
    """Publish them; their keys by their codes."""
    published = {}
    for form in shipped_forms():
        row = form_row(form, city_id=city.id, version=1, published_at=RECORDED)
        # JSON as text is how COPY takes it.
        parts = {
            name: json.encode(each).decode() for name, each in row.items() if type(each) is list
        }
        published[form.code] = row["id"] = keys()
        rows.add(ActivityForm, **row | parts)
    return published
