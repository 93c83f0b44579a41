"""Queries, a file for each noun: they find and count; they never commit and never decide."""
