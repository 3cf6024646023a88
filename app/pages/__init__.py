"""The pages a person opens in a browser: signing in, the REST documentation, the GraphQL workbench.

Everything they need ships in this package and comes from this server: no content delivery network,
no inline script, no call to anyone else. Links inside the pages are relative, so they hold behind
a proxy with a path prefix. `scripts/vendor_pages.py` says where the foreign files come from.
"""

import secrets
from functools import cache

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from app.pages.files import FOLDER, assets, assets_version
from app.pages.identities import identities_router
from app.pages.signing_in import signing_in_router
from app.pages.verifying import verifying_router

__all__ = ["FOLDER", "POLICY", "assets", "assets_version", "pages_router"]

# Swagger UI draws icons from data: URLs in its style sheet, GraphiQL carries its fonts that way.
# GraphiQL's dialogues lock scrolling with a <style> element: the nonce admits that one, so that
# no page needs 'unsafe-inline'. Both libraries set inline styles through the object model only,
# which a policy does not restrict, and send their forms by script, hence form-action 'none'.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def page_source(name: str) -> str:
    """Return a page's HTML with the addresses of its assets filled in, the nonce still open."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    return source.replace("{assets}", f"pages/{assets_version()}")


def render_page(name: str) -> HTMLResponse:
    """Return a page with its security headers, never kept, for its nonce holds only once."""
    nonce = secrets.token_urlsafe(16)
    return HTMLResponse(
        page_source(name).replace("{nonce}", nonce),
        headers={
            "Content-Security-Policy": POLICY.format(nonce=nonce),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def wants_page(accept: str) -> bool:
    """Tell whether an Accept header takes HTML; a program asking for JSON does not."""
    ranges = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return not ranges.isdisjoint({"text/html", "text/*", "*/*"})


def pages_router() -> APIRouter:
    """Return the routes of the pages and their assets; none of them appears in the OpenAPI."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def show_rest_documentation() -> HTMLResponse:
        return render_page("docs.html")

    @router.get("/docs/oauth2-redirect")
    async def finish_authorisation() -> HTMLResponse:
        return render_page("oauth2-redirect.html")

    @router.get("/graphql")
    async def show_graphql_workbench(request: Request) -> HTMLResponse:
        if not wants_page(request.headers.get("accept", "*/*")):
            raise HTTPException(status_code=406, headers={"Vary": "Accept"})
        page = render_page("graphql.html")
        page.headers["Vary"] = "Accept"
        return page

    @router.get("/pages/{version}/{name:path}")
    async def get_asset(version: str, name: str) -> Response:
        path = assets().get(name)
        if path is None or version != assets_version():
            raise HTTPException(status_code=404)
        return FileResponse(
            path,
            headers={
                "Cache-Control": "public, max-age=31536000, immutable",
                "X-Content-Type-Options": "nosniff",
            },
        )

    router.include_router(signing_in_router())
    router.include_router(identities_router())
    router.include_router(verifying_router())
    return router
