"""Certificates over REST: batches and their approval, what was issued, what anybody may verify."""

from app.api.credits.certificates import batches, issued, public

routers = (batches.router, issued.router)
"""What lies below `/api/v1` and needs a token."""
open_router = public.router
"""Asked by whoever holds a certificate in the hand, without an account."""
