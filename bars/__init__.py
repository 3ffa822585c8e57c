"""Reliability bars: each is tried clean, where it must hold, and with a planted fault, where it must turn red."""
