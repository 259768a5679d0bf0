-- "scheme" is that of the client, which a proxy may have forwarded; "tls" the version on the connection to the server. Older
-- rows have neither.
ALTER TABLE request_log ADD COLUMN scheme TEXT;
ALTER TABLE request_log ADD COLUMN tls TEXT;
