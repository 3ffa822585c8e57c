"""Display tags."""
