"""Commands that need no database: one module each, loaded only when asked for."""
