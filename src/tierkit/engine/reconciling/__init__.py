"""What could explain a difference to the vendor's figures, and how it is tried."""
