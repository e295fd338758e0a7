"""PostgreSQL: the schema, every statement, and one module a table or aggregate."""
