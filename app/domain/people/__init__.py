"""The people: teachers, what identifies them, and their dated ranks and posts.

Read `identity` (ID numbers, pure), then `teachers`.
"""
