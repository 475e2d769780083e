"""What is known and said of enterprises: incidents, the register, daily reports."""
