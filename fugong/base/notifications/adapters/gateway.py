from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

from fugong.base.notifications.adapters.delivery import Delivery, NotDelivered

_SECONDS = 10
_ANSWER_BYTES = 65_536
_OURS = 400  # from here on the gateway says that the fault is ours, up to 499; then that it is its own
_TOO_MANY = 429


class HttpGateway:
    """Any gateway that takes a JSON body by POST: address, key, body and the mark of success come from the settings.

    The body is FUGONG_SMS_TEMPLATE, JSON whose texts may hold {phone}, {text}, {kind} and {id}. The key goes as a
    bearer token. FUGONG_SMS_SUCCESS, when set, must stand in the answer: many gateways answer 200 to a refusal.
    """

    def send(self, number: int, kind: str, phone: str, text: str) -> Delivery:
        words = {"phone": phone, "text": text, "kind": kind, "id": str(number)}
        body = json.dumps(_filled(json.loads(settings.SMS_TEMPLATE), words), ensure_ascii=False).encode()
        request = urllib.request.Request(settings.SMS_URL, data=body, method="POST")  # noqa: S310  # https, see checks
        request.add_header("Content-Type", "application/json; charset=utf-8")
        if settings.SMS_KEY:
            request.add_header("Authorization", f"Bearer {settings.SMS_KEY}")
        answer = _ask(request)
        if settings.SMS_SUCCESS and settings.SMS_SUCCESS not in answer:
            raise NotDelivered("refused", again=False)
        return Delivery(left=True, reference=answer[:200] if phone not in answer else "")


def _ask(request: urllib.request.Request) -> str:
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return str(answer.read(_ANSWER_BYTES).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        error.close()
        ours = _OURS <= error.code < _OURS + 100 and error.code != _TOO_MANY
        raise NotDelivered(f"http_{error.code}", again=not ours) from None
    except (OSError, ValueError) as error:
        raise NotDelivered(f"unreachable_{type(error).__name__}", again=True) from None


def _filled(value: Any, words: dict[str, str]) -> Any:
    """The template's value with its placeholders filled; text stays text, so that nothing can break out of it."""
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, str):
        for word in words:
            if value == f"{{{word}}}":
                return words[word]
        # One pass, so that a text that holds "{phone}" is not filled in its turn.
        parts = value.split("{")
        return parts[0] + "".join(_part(part, words) for part in parts[1:])
    return value


def _part(part: str, words: dict[str, str]) -> str:
    name, closed, rest = part.partition("}")
    return words[name] + rest if closed and name in words else "{" + part
