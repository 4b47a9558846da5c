"""Limits of executions where nothing else is asked for; the floor of each problem is `sandbox.Limits()`."""

from codecrucible.sandbox.limits import Limits

#: As EvalPlus gives a program; a solution in the reference's own way needs 1.
CPU_FACTOR = 4.0
#: Wall seconds for each CPU second, at least: another load on the machine is not the program's.
WALL_PER_CPU = 3.0
#: Runs of each program on stress inputs, and of the reference beside it.
EFFICIENCY_ROUNDS = 5
#: Limits of a reference while it is measured, or a benchmark checked.
REFERENCE_LIMITS = Limits(cpu_s=60.0, wall_s=180.0)
