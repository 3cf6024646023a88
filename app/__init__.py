"""Yanxun (研训): the backend of school-based teacher training in a city."""

from importlib.metadata import version

__version__ = version("yanxun")
