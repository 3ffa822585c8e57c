"""Stage 3, duties: occasions come in; the ledger of what is owed goes out, with who, by when, and why that day."""
