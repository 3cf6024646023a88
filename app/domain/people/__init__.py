"""The people: teachers, what identifies them, and their dated ranks and posts.

Read `identity` (ID numbers, pure), then `teachers`; `programmes`, `cohorts` and `cohort_members` are what
is done for certain of them, `trainees` people who are no teachers, `duplicates` records that may be of one.
"""
