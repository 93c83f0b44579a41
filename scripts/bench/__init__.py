"""How fast the ledger is, as ratios to ceilings measured in the same run: make bench

One module for each area; each has `run(bench)`, which measures and prints. Take the ratios: absolute times
depend on the machine and on its other work.
"""
