// What the parts of this target share.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "CLaunch.h"

// Whether the parent of a child has died, which only the parent reads from: in a namespace of
// processes of its own a child does not see its parent. To be asked when the child would die with it,
// because one that is dead already sends nothing.
bool slipway_is_orphan(int report);
int slipway_put(const char *path, const char *text);
// Starts a child that moves into new namespaces and stays there until it is killed: for whoever
// wants the namespaces and not the child. -1 and errno if it could not.
pid_t slipway_hold(int namespaces);
void slipway_let_go(pid_t holder);
// Lets the one user and group that a process knows be these outside; it is one of the folders of
// /proc, by its number or "self".
int slipway_map(const char *process, unsigned inside_user, unsigned inside_group, unsigned user,
                unsigned group);
int slipway_map_holder(pid_t holder, unsigned inside_user, unsigned inside_group, unsigned user,
                       unsigned group);
// A descriptor for one of its namespaces.
int slipway_keep(pid_t holder, const char *name);
// What is left to do for mounts of one's own, in the namespaces that one is in by then.
int slipway_follow_host(void);
