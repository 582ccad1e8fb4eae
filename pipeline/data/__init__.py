"""Data files of the package: the event ontology, date rules, gazetteers, conjugation, words of statuses and sluglines."""
