"""What a program file may say, as data: the keys, their meaning, and the JSON Schema made of them."""
