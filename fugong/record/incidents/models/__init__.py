from fugong.record.incidents.models.incident import Incident
from fugong.record.incidents.models.playbook import PlaybookVersion

__all__ = ["Incident", "PlaybookVersion"]
