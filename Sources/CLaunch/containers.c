#define _GNU_SOURCE
#include "CLaunch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLIPWAY_MOST_TREES = 8 };

// What a child could not do is its exit code.
static int wait_for(pid_t child) {
  int status = 0;
  if (child < 0) return -1;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  if (status == 0) return 0;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return -1;
}

static int clone_tree(const char *source, int read_only) {
  int tree = (int)syscall(
      SYS_open_tree, AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  if (tree < 0 || !read_only) return tree;
  struct mount_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (syscall(
          SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
          sizeof attributes) == 0)
    return tree;
  int code = errno;
  close(tree);
  errno = code;
  return -1;
}

// A namespace is entered by a child: there is no way back from it for who has only a name.
int slipway_place_trees(int mounts, const struct slipway_placement *placements, int count) {
  int trees[SLIPWAY_MOST_TREES];
  int opened = 0, result = -1;
  if (count > SLIPWAY_MOST_TREES) {
    errno = E2BIG;
    return -1;
  }
  while (opened < count) {
    trees[opened] = clone_tree(placements[opened].source, placements[opened].read_only);
    if (trees[opened] < 0) break;
    opened++;
  }
  if (opened == count) {
    pid_t child = fork();
    if (child == 0) {
      if (setns(mounts, CLONE_NEWNS) != 0) _exit(errno);
      for (int index = 0; index < count; index++)
        if (syscall(
                SYS_move_mount, trees[index], "", AT_FDCWD, placements[index].target,
                MOVE_MOUNT_F_EMPTY_PATH) != 0)
          _exit(errno);
      _exit(0);
    }
    result = wait_for(child);
  }
  int code = errno;
  for (int index = 0; index < opened; index++) close(trees[index]);
  errno = code;
  return result;
}

struct route {
  struct nlmsghdr header;
  struct rtmsg message;
  struct rtattr attribute;
  unsigned char destination[16];
};

// 0 if there is now a route on which nothing goes out, or the errno that the kernel answers.
static int refuse(int family, const unsigned char *destination, int bytes, int bits) {
  int channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (channel < 0) return errno;
  struct route route;
  memset(&route, 0, sizeof route);
  route.header.nlmsg_len =
      (unsigned)(NLMSG_LENGTH(sizeof route.message) + RTA_LENGTH((unsigned)bytes));
  route.header.nlmsg_type = RTM_NEWROUTE;
  route.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  route.message.rtm_family = (unsigned char)family;
  route.message.rtm_dst_len = (unsigned char)bits;
  route.message.rtm_table = RT_TABLE_MAIN;
  route.message.rtm_protocol = RTPROT_STATIC;
  route.message.rtm_scope = RT_SCOPE_UNIVERSE;
  route.message.rtm_type = RTN_UNREACHABLE;
  route.attribute.rta_type = RTA_DST;
  route.attribute.rta_len = (unsigned short)RTA_LENGTH((unsigned)bytes);
  memcpy(route.destination, destination, (size_t)bytes);
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[256];
  } answer;
  int code = EPROTO;
  if (send(channel, &route, route.header.nlmsg_len, 0) < 0 ||
      recv(channel, &answer, sizeof answer, 0) < (ssize_t)sizeof answer.header)
    code = errno;
  else if (answer.header.nlmsg_type == NLMSG_ERROR)
    code = -answer.error.error;
  close(channel);
  return code;
}

int slipway_refuse_metadata(int network) {
  static const unsigned char fourth[4] = {169, 254, 0, 0};
  static const unsigned char sixth[16] = {0xfd, 0, 0x0e, 0xc2};
  pid_t child = fork();
  if (child == 0) {
    if (setns(network, CLONE_NEWNET) != 0) _exit(errno);
    int code = refuse(AF_INET, fourth, 4, 16);
    if (code != 0) _exit(code);
    code = refuse(AF_INET6, sixth, 16, 32);
    // Without the sixth version nobody is reached by it either.
    _exit(code == EAFNOSUPPORT || code == EOPNOTSUPP || code == EACCES ? 0 : code);
  }
  return wait_for(child);
}
