"""The hierarchy: a city's bureau supervises counties, counties supervise schools.

Read `units`, then `reorganisations`.
"""
