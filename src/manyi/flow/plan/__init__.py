"""Stage 4, plan: a programme in force comes in; a wave with its period, unit and first duty goes out."""
