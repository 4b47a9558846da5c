"""Fine-tuning: from a folder of code to a candidate that is ready to be judged."""
