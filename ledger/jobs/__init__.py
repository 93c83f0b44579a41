"""Later work: the worker, and what each kind of job calls."""
