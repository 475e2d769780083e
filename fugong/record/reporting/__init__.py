"""Daily reports: what each enterprise says of its day, entered once, corrected with history.

Aggregates: DailyReport (one per incident, enterprise and day; states open / partial / closed), SupersededReport,
AreaTotal (what a body states of an area where enterprises do not report singly), SupersededAreaTotal.
"""
