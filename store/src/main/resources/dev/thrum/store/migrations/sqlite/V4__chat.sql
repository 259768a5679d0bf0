-- Only servers that share a PostgreSQL database share a chat, so an embedded database has no tables for it.
SELECT 1;
