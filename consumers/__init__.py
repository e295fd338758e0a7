"""The consumers: answers are graded here, sessions settled and summarised."""
