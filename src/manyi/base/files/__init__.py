"""Bytes that belong to the work: random names in the data directory, written before the row commits."""
