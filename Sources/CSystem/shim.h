#include <sys/vfs.h>
#include <sys/xattr.h>

// Swift knows `statfs` as a type only. Returns -1 with errno set where the path cannot be looked at.
static inline long slipway_file_system_type(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

// The one byte that an extended attribute of an open folder holds, or -1.
static inline int slipway_attribute(int descriptor, const char *name) {
  unsigned char value;
  return fgetxattr(descriptor, name, &value, 1) == 1 ? value : -1;
}
