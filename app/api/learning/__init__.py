"""Learning over REST, a router of each noun."""

from fastapi import APIRouter

LEARNING: tuple[APIRouter, ...] = ()
"""What the wing answers, in the order of the documentation."""
