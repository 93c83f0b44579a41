"""What differs by language: words, hedges, abbreviations. English so far."""
