"""Short messages: which way they leave the house. Without a gateway they stay on the outbox page."""

import json
import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SMS_URL = os.environ.get("FUGONG_SMS_URL", "")
_way = "HttpGateway" if SMS_URL else "Outbox"
SMS_ADAPTER = os.environ.get("FUGONG_SMS_ADAPTER") or f"fugong.base.notifications.adapters.{_way}"
SMS_KEY = os.environ.get("FUGONG_SMS_KEY", "")
SMS_TEMPLATE = os.environ.get("FUGONG_SMS_TEMPLATE") or '{"phone": "{phone}", "text": "{text}", "id": "{id}"}'
SMS_SUCCESS = os.environ.get("FUGONG_SMS_SUCCESS", "")

_url = urlsplit(SMS_URL)
if SMS_URL and not (_url.scheme == "https" or (_url.scheme == "http" and _url.hostname in ("localhost", "127.0.0.1"))):
    raise ImproperlyConfigured("FUGONG_SMS_URL: phone numbers leave the house over https only, or to this machine.")
try:
    json.loads(SMS_TEMPLATE)
except ValueError as error:
    raise ImproperlyConfigured(f"FUGONG_SMS_TEMPLATE is no JSON: {error}") from error
