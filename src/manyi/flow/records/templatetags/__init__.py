"""Display tags of records."""
