"""From the name of a model to completions. It knows no run folder."""
