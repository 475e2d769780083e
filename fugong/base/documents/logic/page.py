"""Measures of an official page by GB/T 9704-2012, in the units that a .docx file uses.

Sections of the standard: 5.2.1 paper and margins, 5.2.2 sizes of type, 5.2.3 lines and characters, 7.3.5 signature and
date, 7.5 page number. A twip is 1/20 point; a "character" (字) is the width of one Chinese character of the text.
"""

from __future__ import annotations

PAPER_MM = (210, 297)
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
LINES = 22
CHARACTERS = 28


def twips(millimetres: float) -> int:
    """Millimetres as whole twips."""
    return round(millimetres * 1440 / 25.4)


PAPER_WIDTH, PAPER_HEIGHT = twips(PAPER_MM[0]), twips(PAPER_MM[1])
MARGINS = {side: twips(millimetres) for side, millimetres in MARGINS_MM.items()}
TEXT_WIDTH = PAPER_WIDTH - MARGINS["left"] - MARGINS["right"]
TEXT_HEIGHT = PAPER_HEIGHT - MARGINS["top"] - MARGINS["bottom"]

# Sizes of type in points. 16 pt is what word processors call 3号 (5.64 mm; 28 of them are 2 mm wider than the text
# area, so the grid below draws the characters together by a fifth of a point).
BODY_PT = 16.0  # 3号
TITLE_PT = 22.0  # 2号
PAGE_NUMBER_PT = 14.0  # 4号
NOTE_PT = 14.0
KIND_PT = 26.0  # 1号, under the name of the organisation
NAME_PT = (22.0, 36.0)  # the name of the organisation: as large as one line allows between these two
TABLE_PT = (12.0, 10.5)  # 小4号; 5号 when a table would not fit otherwise

# The document grid. The line is rounded down so that 22 of them never need 23 places; charSpace counts 1/4096 point,
# is added to the size of the body, and leaves a twip of the text width unused against rounding in other programs.
LINE_TWIPS = TEXT_HEIGHT // LINES
CHARACTER_SPACE = int(((TEXT_WIDTH - 1) / CHARACTERS / 20 - BODY_PT) * 4096) - 1
# The styles carry the same measures themselves (exact lines, drawn-together characters) and do not snap to the grid:
# LibreOffice 7.4 gives every character two cells where charSpace is negative, and other programs differ as well.
# Two twips more than needed, since it rounds every character to 1/600 inch; full lines are justified to the edge.
BODY_SPACING = TEXT_WIDTH // CHARACTERS - round(BODY_PT * 20) - 2
CHARACTER_TWIPS = TEXT_WIDTH / CHARACTERS

DATE_RIGHT_CHARACTERS = 4  # 7.3.5.1: the date stands four characters in from the right
PAGE_NUMBER_GAP_MM = 7  # 7.5: from the lower edge of the text to the dashes of the page number
