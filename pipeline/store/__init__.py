"""What is processed already, and the tables that users read.

Under the output folder, ``.store/`` holds a SQLite ledger (which file's rows lie in which part), immutable parts (the rows of
some files, as Arrow), and snapshots (one folder with all tables). ``outputs/events.parquet`` is a link through
``.store/current`` into the newest snapshot, so that one rename switches all tables at once. The order of every commit is:
file under a temporary name, fsync, rename, ledger COMMIT, switch; whatever a kill leaves half done is either invisible or
finished at the next start.
"""
