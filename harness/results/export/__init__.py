"""The samples of a run in the formats of other harnesses."""

FORMAT_NAMES = ("human-eval", "evalplus", "bigcode", "lm-eval", "huggingface", "inspect")
"""Names of the formats, for the command line."""
