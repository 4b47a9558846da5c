"""Perturbations of a benchmark's prompts that are made here, by rules, so that one seed always gives one text.

What is covered: prompts in Python that begin one function, as HumanEval's do: its name, its parameters, the words of
its docstring, its layout. What is not: any change that a rule cannot show to keep what is asked, such as translation.
"""
