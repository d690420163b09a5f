"""Currencies and markets as plain generated tables, and the rows kept by hand that correct them."""
