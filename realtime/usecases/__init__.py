"""One file a verb, one transaction each: lock the row, read the clock, decide, write."""
