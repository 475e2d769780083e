from fugong.services.policies.models.answer import EnterpriseAnswer
from fugong.services.policies.models.document import PolicyDocument
from fugong.services.policies.models.measure import Measure, MeasureVersion
from fugong.services.policies.models.standing import Standing

__all__ = ["EnterpriseAnswer", "Measure", "MeasureVersion", "PolicyDocument", "Standing"]
