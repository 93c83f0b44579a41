"""The command `ledger`: main.py lists the commands; there is a file for each noun."""
