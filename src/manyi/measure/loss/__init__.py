"""Customer loss: loss rates, falling usage, silence, and what models of repeat buying expect."""
