"""Manyi runs a company's written customer-satisfaction procedure as software."""

__version__ = "0.1.0"
