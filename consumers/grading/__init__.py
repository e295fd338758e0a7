"""The graders: pure functions from a question and an answer to an outcome; only `model` asks anybody."""
