"""How numbers are shown: tables in every format, and text that is safe to print wherever it came from."""
