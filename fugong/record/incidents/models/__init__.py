from fugong.record.incidents.models.incident import Incident
from fugong.record.incidents.models.playbook import PlaybookVersion
from fugong.record.incidents.models.risk import AreaRisk

__all__ = ["AreaRisk", "Incident", "PlaybookVersion"]
