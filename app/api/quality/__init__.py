"""Quality over REST, a router of each noun."""

from fastapi import APIRouter

QUALITY: tuple[APIRouter, ...] = ()
"""What the wing answers, in the order of the documentation."""
