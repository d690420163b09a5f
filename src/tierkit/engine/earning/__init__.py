"""What one fact earns: its value under the dated rules, how long that counts, and why."""
