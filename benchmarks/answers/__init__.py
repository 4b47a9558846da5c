"""From a completion to a program: what a model wrote is taken apart, and the code that answers is found in it."""
