from fugong.base.spreadsheets.models.import_run import ColumnChoice, ImportRun

__all__ = ["ColumnChoice", "ImportRun"]
