"""Clocks: when something is due on a calendar, what has run, what is left, and why, in lines a person reads.

What counts is real elapsed time whose local wall time lies in an open span and in no pause; a deadline is the end of
the last needed minute. ``counting`` counts, ``days`` finds the ends of days, ``deadlines`` decides, ``telling`` says
why.
"""
