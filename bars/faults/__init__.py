"""Settings with one planted fault each; a bar has to turn red under them."""
