#!/bin/bash
# Run once by the postgres image, on an empty volume. The site's role owns its database and is nothing more:
# no superuser, no right to make roles. `earthdistance` is the one extension only a superuser may create.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$APP_DB_PASSWORD" <<'SQL'
CREATE ROLE partenariat LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE partenariat OWNER partenariat TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE partenariat FROM PUBLIC;
\connect partenariat
ALTER SCHEMA public OWNER TO partenariat;
CREATE EXTENSION cube;
CREATE EXTENSION earthdistance;
SQL
