"""The samples of a run in the formats of other harnesses."""
