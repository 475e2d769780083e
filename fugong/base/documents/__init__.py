"""Documents: official documents as editable .docx files in the layout of GB/T 9704-2012.

No aggregate and no table: `logic/official.py` holds what a document says and writes the file from the template
`docx/official.docx` (made by `script/build-official-template`); `logic/page.py` holds the measures of the page.
"""
