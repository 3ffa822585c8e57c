"""A procedure read back in sentences: for every clause, what the rules that name it make the company do."""

from manyi.language.reading.clauses import ClauseReading, Reading, read_clauses, title_of_path

__all__ = ["ClauseReading", "Reading", "read_clauses", "title_of_path"]
