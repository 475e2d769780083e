from fugong.base.audit.models.entry import AuditEntry

__all__ = ["AuditEntry"]
