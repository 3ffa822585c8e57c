"""Control charts: what varies by chance and what does not. Limits, runs, small shifts; every signal by point number."""
