#include <sys/vfs.h>

// Swift knows `statfs` as a type only. Returns -1 with errno set where the path cannot be looked at.
static inline long slipway_file_system_type(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}
