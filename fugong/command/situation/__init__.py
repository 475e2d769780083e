"""The situation: figures with their denominators, the board, the bulletin of the day. Reads everything beneath it.

No model yet: an indicator is data of the incident's playbook, a figure is counted from the facts of its day.
"""
