"""A procedure read back in sentences: for every clause, what the rules that name it make the company do."""

from manyi.language.reading.clauses import ClauseReading, Reading, name_of, read_clauses, title_of_path, title_of_paths

__all__ = ["ClauseReading", "Reading", "name_of", "read_clauses", "title_of_path", "title_of_paths"]
