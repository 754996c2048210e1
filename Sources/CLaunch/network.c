#define _GNU_SOURCE
#include "CLaunch.h"
#include "namespaces.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int slipway_make_network(unsigned user, unsigned group, struct slipway_network *made) {
  pid_t holder = slipway_hold(CLONE_NEWUSER | CLONE_NEWNET);
  if (holder < 0) return -1;
  *made = (struct slipway_network){-1, -1};
  if (slipway_map_holder(holder, 0, 0, user, group) == 0) {
    made->network = slipway_keep(holder, "net");
    made->user_namespace = slipway_keep(holder, "user");
  }
  slipway_let_go(holder);
  if (made->network >= 0 && made->user_namespace >= 0) return 0;
  int code = errno;
  if (made->network >= 0) close(made->network);
  if (made->user_namespace >= 0) close(made->user_namespace);
  errno = code;
  return -1;
}

struct request {
  struct nlmsghdr head;
  union {
    struct rtmsg route;
    struct ifaddrmsg address;
    struct ifinfomsg link;
  };
  char attributes[64];
};

static struct request request(unsigned short type, size_t body, unsigned short flags) {
  struct request made;
  memset(&made, 0, sizeof made);
  made.head.nlmsg_type = type;
  made.head.nlmsg_len = NLMSG_LENGTH(body);
  made.head.nlmsg_flags = NLM_F_REQUEST | flags;
  return made;
}

static void add(struct request *made, unsigned short type, unsigned value) {
  struct rtattr *attribute =
      (struct rtattr *)((char *)made + NLMSG_ALIGN(made->head.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(sizeof value);
  memcpy(RTA_DATA(attribute), &value, sizeof value);
  made->head.nlmsg_len = NLMSG_ALIGN(made->head.nlmsg_len) + RTA_LENGTH(sizeof value);
}

static int open_netlink(void) {
  return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

static ssize_t receive(int line, void *buffer, size_t size) {
  ssize_t count;
  do count = recv(line, buffer, size, 0);
  while (count < 0 && errno == EINTR);
  return count;
}

// Sends it, and waits for what the kernel says to it.
static int ask(int line, struct request *made) {
  made->head.nlmsg_flags |= NLM_F_ACK;
  if (send(line, made, made->head.nlmsg_len, 0) < 0) return -1;
  union {
    struct nlmsghdr head;
    char bytes[1024];
  } answer;
  ssize_t count = receive(line, &answer, sizeof answer);
  if (count < 0) return -1;
  if (!NLMSG_OK(&answer.head, (size_t)count) || answer.head.nlmsg_type != NLMSG_ERROR) {
    errno = EBADMSG;
    return -1;
  }
  errno = -((struct nlmsgerr *)NLMSG_DATA(&answer.head))->error;
  return errno == 0 ? 0 : -1;
}

// Whether the route is one to this host itself. What another table sends here by marks is not
// asked for by address, but a single address that is local anywhere is one of ours.
static bool leads_here(const struct rtmsg *route) {
  bool is_local = route->rtm_type == RTN_LOCAL || route->rtm_type == RTN_BROADCAST ||
                  route->rtm_type == RTN_ANYCAST;
  return is_local && (route->rtm_table == RT_TABLE_LOCAL || route->rtm_dst_len == 32);
}

// Adds what one message tells. -1 and errno if there is no place for it.
static int take(struct nlmsghdr *head, struct slipway_range *ranges, int most, int *count) {
  struct rtmsg *route = NLMSG_DATA(head);
  if (head->nlmsg_type != RTM_NEWROUTE || !leads_here(route)) return 0;
  int length = (int)RTM_PAYLOAD(head);
  for (struct rtattr *part = RTM_RTA(route); RTA_OK(part, length);
       part = RTA_NEXT(part, length)) {
    if (part->rta_type != RTA_DST) continue;
    if (*count == most) {
      errno = E2BIG;
      return -1;
    }
    memcpy(&ranges[*count].address, RTA_DATA(part), sizeof ranges->address);
    ranges[(*count)++].length = route->rtm_dst_len;
  }
  return 0;
}

static int list(int line, struct slipway_range *ranges, int most) {
  struct request all = request(RTM_GETROUTE, sizeof all.route, NLM_F_DUMP);
  all.route.rtm_family = AF_INET;
  if (send(line, &all, all.head.nlmsg_len, 0) < 0) return -1;
  char buffer[1 << 15] __attribute__((aligned(NLMSG_ALIGNTO)));
  int found = 0;
  bool was_disturbed = false;
  for (;;) {
    ssize_t count = receive(line, buffer, sizeof buffer);
    if (count < 0) return -1;
    for (struct nlmsghdr *head = (struct nlmsghdr *)buffer; NLMSG_OK(head, (size_t)count);
         head = NLMSG_NEXT(head, count)) {
      if (head->nlmsg_flags & NLM_F_DUMP_INTR) was_disturbed = true;
      if (head->nlmsg_type == NLMSG_DONE) {
        errno = EAGAIN;
        return was_disturbed ? -1 : found;
      }
      if (head->nlmsg_type == NLMSG_ERROR) {
        errno = -((struct nlmsgerr *)NLMSG_DATA(head))->error;
        return -1;
      }
      if (take(head, ranges, most, &found) != 0) return -1;
    }
  }
}

int slipway_own_ranges(struct slipway_range *ranges, int most) {
  // An address that comes or goes meanwhile makes the list worthless.
  enum { ATTEMPTS = 10 };
  int found = -1;
  for (int i = 0; i < ATTEMPTS && found < 0; i++) {
    int line = open_netlink();
    if (line < 0) return -1;
    found = list(line, ranges, most);
    int code = errno;
    close(line);
    errno = code;
    if (found < 0 && code != EAGAIN) break;
  }
  return found;
}

static int raise_link(int line, const char *name, unsigned size) {
  struct request link = request(RTM_NEWLINK, sizeof link.link, 0);
  link.link.ifi_index = (int)if_nametoindex(name);
  if (link.link.ifi_index == 0) return -1;
  link.link.ifi_flags = link.link.ifi_change = IFF_UP;
  if (size > 0) add(&link, IFLA_MTU, size);
  return ask(line, &link);
}

static int give_address(int line, unsigned device, unsigned address) {
  struct request made = request(RTM_NEWADDR, sizeof made.address, NLM_F_CREATE | NLM_F_EXCL);
  made.address.ifa_family = AF_INET;
  made.address.ifa_prefixlen = 32;
  made.address.ifa_index = device;
  add(&made, IFA_LOCAL, address);
  add(&made, IFA_ADDRESS, address);
  return ask(line, &made);
}

static struct request route(struct slipway_range to, unsigned char type, unsigned char scope) {
  struct request made = request(RTM_NEWROUTE, sizeof made.route, NLM_F_CREATE | NLM_F_EXCL);
  made.route.rtm_family = AF_INET;
  made.route.rtm_dst_len = (unsigned char)to.length;
  made.route.rtm_table = RT_TABLE_MAIN;
  made.route.rtm_protocol = RTPROT_STATIC;
  made.route.rtm_scope = scope;
  made.route.rtm_type = type;
  if (to.length > 0) add(&made, RTA_DST, to.address);
  return made;
}

static int lead(int line, unsigned device, struct slipway_range to, unsigned gateway) {
  struct request made =
      route(to, RTN_UNICAST, gateway == 0 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
  add(&made, RTA_OIF, device);
  if (gateway != 0) add(&made, RTA_GATEWAY, gateway);
  return ask(line, &made);
}

static int block(int line, struct slipway_range range) {
  struct request made = route(range, RTN_PROHIBIT, RT_SCOPE_UNIVERSE);
  // That it is blocked already is as good.
  return ask(line, &made) == 0 || errno == EEXIST ? 0 : -1;
}

// The way out is the last thing that is opened.
static int arrange(int network, const struct slipway_way *way) {
  if (setns(network, CLONE_NEWNET) != 0) return -1;
  int line = open_netlink();
  if (line < 0 || raise_link(line, "lo", 0) != 0) return -1;
  if (raise_link(line, way->device, way->size) != 0) return -1;
  unsigned device = if_nametoindex(way->device);
  if (device == 0 || give_address(line, device, way->address) != 0) return -1;
  for (int i = 0; i < way->blocked_count; i++)
    if (block(line, way->blocked[i]) != 0) return -1;
  struct slipway_range gateway = {way->gateway, 32}, names = {way->names, 32}, all = {0, 0};
  if (lead(line, device, gateway, 0) != 0 || lead(line, device, names, 0) != 0) return -1;
  return lead(line, device, all, way->gateway);
}

static int raise_loopback(int network) {
  if (setns(network, CLONE_NEWNET) != 0) return -1;
  int line = open_netlink();
  return line < 0 ? -1 : raise_link(line, "lo", 0);
}

// In a child, because there may be no way back into the caller's network.
static int arrange_in_child(int network, const struct slipway_way *way) {
  pid_t child = fork();
  if (child == 0) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int done = way != NULL ? arrange(network, way) : raise_loopback(network);
    _exit(done == 0 ? 0 : errno);
  }
  if (child < 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
  return errno == 0 ? 0 : -1;
}

int slipway_open_way(int network, const struct slipway_way *way) {
  return arrange_in_child(network, way);
}

int slipway_raise_loopback(int network) { return arrange_in_child(network, NULL); }

int slipway_enter_network(int network) { return setns(network, CLONE_NEWNET); }
