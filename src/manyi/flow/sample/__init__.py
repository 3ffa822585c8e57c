"""Stage 5, sample: customers and their facts come in; the frame, its tiers and who has to be asked go out."""
