from fugong.base.questionnaires.models.form import Form, FormVersion
from fugong.base.questionnaires.models.response import Response

__all__ = ["Form", "FormVersion", "Response"]
