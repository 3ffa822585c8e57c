"""One module a command of ``manyi``."""
