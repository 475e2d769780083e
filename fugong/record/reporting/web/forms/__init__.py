from fugong.record.reporting.web.forms.officials import ItemForm, LockForm, OpenForm, TimesForm
from fugong.record.reporting.web.forms.report import (
    NUMBERS,
    TOTAL_NUMBERS,
    AlsoForm,
    BehalfForm,
    ReportForm,
    TotalForm,
    ids_from,
    initial_from,
    key_from,
)

__all__ = [
    "NUMBERS",
    "TOTAL_NUMBERS",
    "AlsoForm",
    "BehalfForm",
    "ItemForm",
    "LockForm",
    "OpenForm",
    "ReportForm",
    "TimesForm",
    "TotalForm",
    "ids_from",
    "initial_from",
    "key_from",
]
