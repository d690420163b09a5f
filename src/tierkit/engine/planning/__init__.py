"""Planning: what can be sold, what each of it gives, and the least that passes every gate."""
