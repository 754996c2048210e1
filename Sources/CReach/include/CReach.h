// The one way out of a courier. A program that links this asks a judge before any of its libraries
// connects anywhere: names are resolved by then, so that no name can be one address for whoever
// checks it and another for whoever connects.
#pragma once
#include <sys/socket.h>

// 0 if an address of IP may be reached; otherwise connecting to it fails with EACCES.
typedef int (*slipway_judge)(const struct sockaddr *address);
void slipway_reach(slipway_judge judge);

// Gives this process to nobody: no core file, no new rights, and the memory it holds to no debugger.
void slipway_withdraw(void);

// Ends this process when the other end of a line is closed, whatever it is waiting for. 0, or an
// error's number.
int slipway_leave_with(int line);
