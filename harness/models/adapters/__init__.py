"""PEFT adapters: read, checked, put on a base and taken out of it again."""
