"""Quality over REST, a router of each noun."""

from app.api.quality import (
    appropriations,
    approval_limits,
    article_duties,
    article_links,
    budget_amendments,
    budgets,
    campaigns,
    document_articles,
    expenses,
    fund_commitments,
    fund_postings,
    fund_reports,
    official_documents,
    regulations,
)

QUALITY = (
    official_documents.router,
    document_articles.router,
    article_duties.router,
    article_links.router,
    regulations.router,
    campaigns.router,
    budgets.router,
    budget_amendments.router,
    appropriations.router,
    fund_commitments.router,
    expenses.router,
    approval_limits.router,
    fund_postings.router,
    fund_reports.router,
)
"""What the wing answers, in the order of the documentation."""
