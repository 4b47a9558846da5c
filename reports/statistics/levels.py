"""The levels of tests where nothing else is asked for; light, for the command line."""

ALPHA = 0.05
"""Chance of a false alarm: of a test, and over everything that is gated. Intervals are at 1 - ALPHA."""

MARGIN = 0.03
"""Loss that a pass of the gate must rule out, as a share: 3 points."""
