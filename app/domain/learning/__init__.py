"""Learning (研修学习): courses, trainers, mentoring, topics and resources, which teachers learn from."""
