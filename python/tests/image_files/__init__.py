"""Small image files by many writers, with the pixels that every reader must find in them.

`kinds` has the table of all kinds of files, `kind` makes the files, `writers` and `programs` are how they are written,
`readers` how others read them, and `picture` what is drawn.
"""
