"""Training (研训): research groups, activities with their sessions, enrolment, attendance, notes."""
