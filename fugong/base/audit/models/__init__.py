from fugong.base.audit.models.entry import AuditEntry
from fugong.base.audit.models.seal import Seal, Unsealed

__all__ = ["AuditEntry", "Seal", "Unsealed"]
