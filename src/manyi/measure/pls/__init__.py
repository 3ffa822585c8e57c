"""Path models by partial least squares: the model, its estimation, its quality, its bootstrap and the 0–100 index."""
