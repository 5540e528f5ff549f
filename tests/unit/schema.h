/*
 * schema.h - the real schema in the throw-away cluster: roles, migrations, compiled operations.
 * Not for: data. Trap: as the superuser, so ownership differs from a migrated house.
 */
#ifndef LODGE_SCHEMA_H
#define LODGE_SCHEMA_H

/* After cluster_start; ends the program when a text does not run. */
void schema_load(void);

#endif
