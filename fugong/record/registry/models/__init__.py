from fugong.record.registry.models.enterprise import Enterprise
from fugong.record.registry.models.grant import EnterpriseGrant

__all__ = ["Enterprise", "EnterpriseGrant"]
