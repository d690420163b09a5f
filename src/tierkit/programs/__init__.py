"""Programs as data: dated, sourced rules, and the loader that checks them."""
