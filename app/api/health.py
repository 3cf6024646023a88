"""Whether the process lives, whether it can serve, and its figures for a monitoring system."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.answers import answer
from app.request import resources

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="get_health")
async def get_health() -> dict[str, str]:
    """The process lives; nothing else is asked."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="get_readiness")
async def get_readiness(request: Request) -> Response:
    """The process can serve: the database answers. 503 otherwise."""
    await resources(request).pool.check()
    return answer({"status": "ready"})


@router.get("/metrics", operation_id="get_metrics", response_class=Response)
async def get_metrics() -> Response:
    """Figures in the text format of Prometheus; keep this address inside the bureau's network."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
