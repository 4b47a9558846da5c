"""Judging as a service: answers come over HTTP, verdicts go back."""
