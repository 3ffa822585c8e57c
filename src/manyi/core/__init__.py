"""What holds for every company: values, clocks, conditions, tiers, figures. Standard library only.

Nothing here reads a file, a clock or a random source: same input, same output.
"""
