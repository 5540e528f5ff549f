-- cluster.sql - what only the cluster's superuser can make: login roles and the database.
-- Run by `run` through psql before every first start of a new version; safe to run again.
-- Not for: tables, functions and grants, which belong to lodge_owner and come with the migrations.
-- Trap: connection limits leave room for several lodged and a person with psql; the real bound
-- on what lodged opens is its lanes.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['lodge_owner', 'lodge_name', 'lodge_contact', 'lodge_reveal', 'lodge_report',
	'lodge_writer', 'lodge_feed']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE lodge_owner   NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE lodge_name    LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
ALTER ROLE lodge_contact LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 30;
ALTER ROLE lodge_reveal  LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 12;
ALTER ROLE lodge_report  LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 12;
ALTER ROLE lodge_writer  LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 12;
ALTER ROLE lodge_feed    LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 12;

-- No statement of a desk runs long; reports may.
ALTER ROLE lodge_name    SET statement_timeout = '500ms';
ALTER ROLE lodge_contact SET statement_timeout = '500ms';
ALTER ROLE lodge_reveal  SET statement_timeout = '2s';
ALTER ROLE lodge_report  SET statement_timeout = '30s';
ALTER ROLE lodge_writer  SET statement_timeout = '2s';
ALTER ROLE lodge_feed    SET statement_timeout = '2s';
ALTER ROLE lodge_writer  SET lock_timeout = '1s';
ALTER ROLE lodge_writer  SET idle_in_transaction_session_timeout = '10s';

-- Texts of failed statements may hold residents' data; they stay out of the log.
SELECT format('ALTER ROLE %I SET %s', name, setting)
FROM unnest(ARRAY['lodge_name', 'lodge_contact', 'lodge_reveal', 'lodge_report', 'lodge_writer',
	'lodge_feed']) AS name,
	unnest(ARRAY['search_path = lodge, pg_temp', 'log_min_error_statement = panic',
	'log_statement = none', 'jit = off']) AS setting \gexec

SELECT 'CREATE DATABASE lodge OWNER lodge_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lodge') \gexec
REVOKE ALL ON DATABASE lodge FROM PUBLIC;
GRANT CONNECT ON DATABASE lodge TO lodge_name, lodge_contact, lodge_reveal, lodge_report,
	lodge_writer, lodge_feed;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
\connect lodge
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- What PostgreSQL lets everybody do and no login of ours needs: large objects, holding the pen's lock,
-- sleeping, running code of one's own.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace
	AND p.proname ~ '^(lo_|loread$|lowrite$|pg_(try_)?advisory_|pg_sleep)' \gexec
GRANT EXECUTE ON FUNCTION pg_advisory_xact_lock(bigint) TO lodge_owner;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO lodge_owner;
