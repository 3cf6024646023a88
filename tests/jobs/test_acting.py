"""A job acts as whoever asked for it, as that is now, and leaves an act."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.access.accounts import suspend_account
from app.domain.paging import PageRequest
from app.domain.access.audit import list_acts
from app.domain.training.groups import list_groups
from app.jobs.acting import AskerGone, acting_as
from app.request import Resources, now
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City
