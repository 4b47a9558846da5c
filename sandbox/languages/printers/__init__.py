"""What prints the answers of each language, where the exit status does not have to judge."""
