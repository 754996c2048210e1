#include <arpa/inet.h>
#include <linux/fs.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
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

// glibc declares these too only to programs that ask for more. No place in a file, and nobody waits.
extern ssize_t splice(
    int source, off_t *source_place, int target, off_t *target_place, size_t count,
    unsigned int flags);
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
enum { SLIPWAY_SPLICE_NOW = 3 };  // SPLICE_F_MOVE | SPLICE_F_NONBLOCK

// An address of the fourth or the sixth version, as calls take it. False if the text is none.
static inline _Bool slipway_inet_address(
    const char *text, uint16_t port, struct sockaddr_storage *address, socklen_t *length) {
  memset(address, 0, sizeof *address);
  struct sockaddr_in *fourth = (struct sockaddr_in *)address;
  struct sockaddr_in6 *sixth = (struct sockaddr_in6 *)address;
  if (inet_pton(AF_INET, text, &fourth->sin_addr) == 1) {
    fourth->sin_family = AF_INET;
    fourth->sin_port = htons(port);
    *length = sizeof *fourth;
    return 1;
  }
  if (inet_pton(AF_INET6, text, &sixth->sin6_addr) != 1) return 0;
  sixth->sin6_family = AF_INET6;
  sixth->sin6_port = htons(port);
  *length = sizeof *sixth;
  return 1;
}

static inline int slipway_bind(int made, const struct sockaddr_storage *address, socklen_t length) {
  return bind(made, (const struct sockaddr *)address, length);
}

static inline int slipway_connect(
    int made, const struct sockaddr_storage *address, socklen_t length) {
  return connect(made, (const struct sockaddr *)address, length);
}

// The port that a socket of the fourth or sixth version is bound to, or -1.
static inline int slipway_bound_port(int made) {
  struct sockaddr_in6 address;
  socklen_t length = sizeof address;
  if (getsockname(made, (struct sockaddr *)&address, &length) != 0) return -1;
  return ntohs(address.sin6_port);  // At the same place in both.
}
