"""Names and payloads that leave the process."""
