"""A company and its year: made from a fixed seed, played through the same operations as real work."""
