"""How near a program is to the reference: CodeBLEU, BLEU, chrF, edit similarity."""
