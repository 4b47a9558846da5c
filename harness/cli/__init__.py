"""The command line: parses arguments, calls what does the work, prints, and turns every outcome into an exit code."""
