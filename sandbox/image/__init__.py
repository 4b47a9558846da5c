"""What runs inside the sandbox image: standard library only, and no import from outside this folder.

`runner` is PID 1. It starts the `player` zygote, which forks one process a program, and the `referee`, which runs the
trusted tests. `exit_code` is PID 1 where the exit status judges, or (`cases`) what a program
prints; it starts the `launcher`. `scanner` is PID 1 of the
scanner's container.
"""
