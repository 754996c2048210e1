// A disk for SQLite that forgets what was not synced when the power fails, and fails when it is told to.
// Each disk is a VFS of its own name, with a handful of files in memory.
#ifndef TRIAL_DISK_H
#define TRIAL_DISK_H

#include <stdint.h>

typedef struct trial_disk trial_disk;

enum { TRIAL_DISK_POWER = 1, TRIAL_DISK_ERROR = 2, TRIAL_DISK_FULL = 3 };

// Registers a new disk; NULL without memory.
trial_disk *trial_disk_new(void);
void trial_disk_free(trial_disk *disk);

// What to pass to sqlite3_open_v2 as the name of the VFS.
const char *trial_disk_name(const trial_disk *disk);

// The fault meets the operation with this number, counted from now; kind 0 takes it away.
void trial_disk_arm(trial_disk *disk, int kind, int at);

// Whoever has a file open loses it. Each write that was not synced survives whole, in part or not at
// all, as the seed decides.
void trial_disk_lose_power(trial_disk *disk, uint64_t seed);

#endif
