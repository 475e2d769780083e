"""Mechanisms that any room above may call: areas, people, documents, spreadsheets, the trail."""
