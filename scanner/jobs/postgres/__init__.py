"""The queue on PostgreSQL, for many hosts: Procrastinate, with what it leaves out put round it."""
