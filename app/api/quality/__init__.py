"""Quality over REST, a router of each noun."""

from fastapi import APIRouter

from app.api.quality import (
    article_duties,
    article_links,
    campaigns,
    document_articles,
    official_documents,
    regulations,
)

QUALITY: tuple[APIRouter, ...] = (
    official_documents.router,
    document_articles.router,
    article_duties.router,
    article_links.router,
    regulations.router,
    campaigns.router,
)
"""What the wing answers, in the order of the documentation."""
