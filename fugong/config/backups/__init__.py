"""Backups: what is saved (database, files, key), how it is proven whole, how it comes back.

A backup is a folder `fugong-<UTC time>`: `database.dump` (pg_dump, custom format), `files/`, `secret-key` and
`manifest.json` with the hash of every file and the number of rows of every table at that moment. It gets its name when
it is whole and on the disk; what a killed run leaves is named `.partial-…` and removed by the next.
"""
