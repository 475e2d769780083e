"""What headquarters look at and decide by: the situation and its documents."""
