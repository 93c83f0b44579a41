"""A hot path: look-ups that are answered before Flask begins, on SQLite.

Bots and sites ask for a claim's status, for the claim and for pages of claims, so that these have a way of
their own: a connection for which readers queue, and few statements. How claims stand is held in memory and
dropped as the log tells; what else was answered about claims and articles, here or by Flask, is given again
for as long as nothing was written, which SQLite tells exactly (`PRAGMA data_version`, 3 µs). Whatever is not
plain (no token or a bad one, an unusual parameter, no such claim, a fault) goes on to Flask, which answers
the same; a test compares both.

`front` sees each request first, and answers statuses while all else is still being loaded; `whole` answers
claims and lists as soon as the models are there, and more when the application is; `early` tells pages that
are asked for before that. `kept` is what a process holds; `statuses` and `pages` read what is not
held; `answers` writes an answer down. What `front` needs loads in 50 ms, as
a test keeps Flask and the models out.
"""
