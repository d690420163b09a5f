"""Values that know nothing of any program: points, money, markets, days, sources, reasons."""
