"""Spreadsheets: tables in (.xlsx, .xls, .csv of any usual encoding), workbooks out. No models of its own.

States: none. A table is read as text with the line each row has in the file; whoever imports it judges the rows.
"""
