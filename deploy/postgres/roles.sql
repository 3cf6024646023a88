-- The roles of the application, made once, by the superuser, in the new and empty database.
-- psql reads the passwords from the environment, so that none is written here.
--
-- yanxun_owner owns the tables and migrates them; yanxun_app serves requests and owns nothing, so
-- that it can neither change a table nor what the migrations forbid it (the ledger, the audit trail).
-- yanxun_reader signs in nowhere: the application puts it on for what only reads.

\set ON_ERROR_STOP on
\getenv owner_password YANXUN_OWNER_PASSWORD
\getenv application_password YANXUN_APPLICATION_PASSWORD
SELECT current_database() AS database \gset

BEGIN;

CREATE ROLE yanxun_owner LOGIN PASSWORD :'owner_password'
    NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE ROLE yanxun_app LOGIN PASSWORD :'application_password'
    NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
CREATE ROLE yanxun_reader NOLOGIN
    NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT yanxun_reader TO yanxun_app;

ALTER DATABASE :"database" OWNER TO yanxun_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO yanxun_app;

ALTER SCHEMA public OWNER TO yanxun_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO yanxun_app;

COMMIT;
