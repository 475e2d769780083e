"""Which days are worked: the national rule with its holidays and made-up days, and those of a place.

Aggregate: CalendarDay, a day that is not as its weekday says. A year without rows counts Monday to Friday.
"""
