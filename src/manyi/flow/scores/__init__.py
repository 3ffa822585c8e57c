"""Stage 8, scores: sheets come in; a counted cube and exact results with digest and formula version go out."""
