"""Preparing data: from code in folders, files and data sets to rows that a model may be trained on."""
