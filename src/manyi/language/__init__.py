"""The procedure language: text in; a typed procedure, or faults with file and line, out."""
