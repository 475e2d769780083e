"""Spreadsheets: tables in (.xlsx, .xls, .csv of any usual encoding), workbooks out, and the import of files.

A table is read as text with the line each row has in the file; whoever owns the rows judges them. A room registers its
kind of file in `import_kinds` (logic/kinds.py); here a file is kept, matched, checked, shown, written, perhaps undone.
Aggregates: ImportRun (states in enums.py), ColumnChoice. It stands beneath accounts: who sent a file is kept by value.
"""
