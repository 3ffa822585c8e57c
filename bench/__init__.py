"""Benchmarks, one command each; every figure beside the bare work of the engine in the same run."""
