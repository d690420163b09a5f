"""Reading a program file, table by table, into a draft; each mistake is told with its line."""
