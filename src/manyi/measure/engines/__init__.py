"""Engines that count: one expression each, integers out."""
