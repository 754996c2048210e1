#include <linux/fs.h>
#include <malloc.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

// glibc declares these only to programs that ask for GNU's extensions, and Swift does not.
extern int syncfs(int descriptor);
extern ssize_t copy_file_range(
    int source, off_t *source_place, int target, off_t *target_place, size_t count,
    unsigned int flags);

// What the preprocessor makes of this is a computation, which Swift cannot import.
static inline unsigned long slipway_clone_request(void) { return FICLONE; }

// Swift knows `statfs` as a type only. Returns -1 with errno set where the path cannot be looked at.
static inline long slipway_file_system_type(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

// Removes the extended attributes of an open file or folder, as far as whoever calls may: what they
// say (capabilities, lists of who may what, an overlay's notes) is no part of its content.
static inline void slipway_strip_attributes(int descriptor) {
  char names[65536];  // As many as the kernel ever tells.
  ssize_t length = flistxattr(descriptor, names, sizeof names);
  for (ssize_t at = 0; at < length; at += (ssize_t)strlen(names + at) + 1)
    (void)fremovexattr(descriptor, names + at);
}

// The one byte that an extended attribute of an open folder holds, or -1.
static inline int slipway_attribute(int descriptor, const char *name) {
  unsigned char value;
  return fgetxattr(descriptor, name, &value, 1) == 1 ? value : -1;
}
