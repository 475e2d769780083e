from fugong.record.registry.models.change_request import ChangeRequest
from fugong.record.registry.models.closure import Closure
from fugong.record.registry.models.contact import Contact
from fugong.record.registry.models.enterprise import Enterprise
from fugong.record.registry.models.export import ExportRun, LongExport
from fugong.record.registry.models.fact import EnterpriseFact
from fugong.record.registry.models.grant import EnterpriseGrant, GrantProposal
from fugong.record.registry.models.imported import ImportedEnterprise
from fugong.record.registry.models.move import EnterpriseMove
from fugong.record.registry.models.scope import ScopeDecision
from fugong.record.registry.models.sheet import AccessSheet
from fugong.record.registry.models.trait import EnterpriseTrait

__all__ = [
    "AccessSheet",
    "ChangeRequest",
    "Closure",
    "Contact",
    "Enterprise",
    "EnterpriseFact",
    "EnterpriseGrant",
    "EnterpriseMove",
    "EnterpriseTrait",
    "ExportRun",
    "GrantProposal",
    "ImportedEnterprise",
    "LongExport",
    "ScopeDecision",
]
