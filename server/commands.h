/*
 * commands.h - the commands of the program lodged, each in a file of its own.
 *
 * Every command gets its own arguments only (argv[0] is its name; --conf DIR is already taken out)
 * and answers the exit code: 0 done, 1 refused or findings (one sentence on standard error),
 * 2 usage. Not for: what a command does.
 * Trap: the serving part must not call an administration command's code.
 */
#ifndef LODGE_COMMANDS_H
#define LODGE_COMMANDS_H

int cmd_serve(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_staff(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_docs(int argc, char **argv);
int cmd_roles(int argc, char **argv);
int cmd_demo(int argc, char **argv);

/* The folder of the configuration: --conf, else LODGE_CONF, else conf. */
const char *command_conf(void);

#endif
