"""Small image files by many writers, with the pixels that every reader must find in them.

`kinds` has the table of all kinds of files, `writers` and `tools` how they are written, `readers` how others read them, and
`picture` what is drawn.
"""
