"""A browser in a few words that its owner recognises."""

from __future__ import annotations

_APPS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("QQ/", "QQ"), ("Edg", "Edge"),
    ("HuaweiBrowser", "HUAWEI"), ("MiuiBrowser", "MIUI"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def described(user_agent: str) -> str:
    """`微信 · Android`; empty when the browser says nothing of itself."""
    found = [next((word for mark, word in marks if mark in user_agent), "") for marks in (_APPS, _SYSTEMS)]
    return " · ".join(word for word in found if word)
