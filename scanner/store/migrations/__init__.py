"""The steps of the schema, and the environment that they run in."""
