"""From a model or a file of completions to a run folder, and from run folders to results; and the command line."""
