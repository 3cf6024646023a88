"""Imports over REST: the runs with their rows, and the files that go back and forth."""

from app.api.exchange.imports import files, runs

routers = (runs.router, files.router)
"""What lies below `/api/v1`."""
