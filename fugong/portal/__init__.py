"""The only composition root: home, navigation, the demonstration city; it discovers what the rooms provide."""
