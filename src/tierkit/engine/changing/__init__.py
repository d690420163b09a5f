"""What came and went between two days: point by point, by its cause, and what of it is in doubt."""
