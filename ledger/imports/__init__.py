"""Reading what others hold: their files become entries, one for each claim; nothing is stored here.

Each reader takes a file from its beginning and gives entries and refusals in the file's order, one at a
time, so that memory does not grow with the file.
"""
