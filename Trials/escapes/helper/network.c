// E36–E41, E56: services, sockets and families of addresses.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "escapes.h"

enum { PATIENCE = 2000 };  // milliseconds for an answer

static int connected(int family, const char *address, int port) {
  struct sockaddr_storage place = {.ss_family = (sa_family_t)family};
  socklen_t length;
  if (family == AF_INET) {
    struct sockaddr_in *in = (struct sockaddr_in *)&place;
    in->sin_port = htons((uint16_t)port);
    inet_pton(family, address, &in->sin_addr);
    length = sizeof *in;
  } else {
    struct sockaddr_in6 *in = (struct sockaddr_in6 *)&place;
    in->sin6_port = htons((uint16_t)port);
    inet_pton(family, address, &in->sin6_addr);
    length = sizeof *in;
  }
  int line = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (line < 0) return -1;
  if (connect(line, (struct sockaddr *)&place, length) == 0) return line;
  struct pollfd wait = {.fd = line, .events = POLLOUT};
  int code = errno;
  if (code == EINPROGRESS) {
    code = poll(&wait, 1, PATIENCE) == 1 ? 0 : ETIMEDOUT;
    socklen_t size = sizeof code;
    if (code == 0) getsockopt(line, SOL_SOCKET, SO_ERROR, &code, &size);
  }
  if (code == 0) return line;
  close(line);
  errno = code;
  return -1;
}

static void try_address(int family, const char *address, int port) {
  int line = connected(family, address, port);
  judge(address, line >= 0);
  if (line >= 0) close(line);
}

void connect_loopback(void) {
  try_address(AF_INET, "127.0.0.1", given.port);
  try_address(AF_INET6, "::ffff:127.0.0.1", given.port);
  try_address(AF_INET, "0.0.0.0", given.port);
}

// Through the proxy that the environment names, if it names one.
static void ask_proxy(void) {
  const char *proxy = getenv("http_proxy");
  char host[64], answer[64] = "";
  int port;
  if (!proxy) proxy = getenv("HTTP_PROXY");
  if (!proxy || sscanf(proxy, "http://%63[0-9.]:%d", host, &port) != 2) {
    skipped("by proxy", "none is named");
    return;
  }
  int line = connected(AF_INET, host, port);
  if (line < 0) {
    refused("the proxy");
    return;
  }
  static const char request[] = "GET http://169.254.169.254/latest/meta-data/ HTTP/1.0\r\n\r\n";
  struct pollfd wait = {.fd = line, .events = POLLIN};
  bool told = send(line, request, sizeof request - 1, MSG_NOSIGNAL) > 0 &&
              poll(&wait, 1, PATIENCE) == 1 && recv(line, answer, sizeof answer - 1, 0) > 12 &&
              strncmp(answer + 9, "200", 3) == 0;
  errno = EACCES;
  judge("by proxy", told);
  close(line);
}

void ask_metadata(void) {
  // Whatever answers at these addresses elsewhere is somebody's real one.
  if (!given.metadata) {
    skipped("metadata", "only in a network namespace with a fake, which the harness makes");
    return;
  }
  try_address(AF_INET, "169.254.169.254", 80);
  try_address(AF_INET6, "::ffff:169.254.169.254", 80);
  try_address(AF_INET6, "fd00:ec2::254", 80);
  ask_proxy();
}

void connect_abstract(void) {
  struct sockaddr_un place = {.sun_family = AF_UNIX};
  size_t length = strlen(given.abstract);
  if (length >= sizeof place.sun_path) return;
  memcpy(place.sun_path + 1, given.abstract, length);
  int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
  judge("abstract socket", line >= 0 && connect(line, (struct sockaddr *)&place, size) == 0);
  if (line >= 0) close(line);
}

static void try_socket(const char *path) {
  struct sockaddr_un place = {.sun_family = AF_UNIX};
  snprintf(place.sun_path, sizeof place.sun_path, "%s", path);
  int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  judge(path, line >= 0 && connect(line, (struct sockaddr *)&place, sizeof place) == 0);
  if (line >= 0) close(line);
}

void connect_services(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s/docker.sock", given.home);
  try_socket(path);
  snprintf(path, sizeof path, "%s/agent.sock", given.home);
  try_socket(path);
  // Those that may be real: whether they can be seen is enough.
  static const char *const real[] = {
      "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock",
      "/run/dbus/system_bus_socket", "/tmp/.X11-unix", "/run/user"};
  for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
    judge(real[i], access(real[i], F_OK) == 0);
  }
  static const char *const names[] = {"SSH_AUTH_SOCK", "DOCKER_HOST", "DBUS_SESSION_BUS_ADDRESS"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    errno = ENOENT;
    judge(names[i], getenv(names[i]) != NULL);
  }
}

static void try_family(const char *name, int family, int type, int protocol) {
  int line = socket(family, type | SOCK_CLOEXEC, protocol);
  judge(name, line >= 0);
  if (line >= 0) close(line);
}

void open_vsock(void) {
  // The socket alone: whoever listens at its other end is not ours to talk to.
  try_family("socket(AF_VSOCK, stream)", AF_VSOCK, SOCK_STREAM, 0);
  try_family("socket(AF_VSOCK, datagram)", AF_VSOCK, SOCK_DGRAM, 0);
}

void open_families(void) {
  try_family("AF_ALG", AF_ALG, SOCK_SEQPACKET, 0);
  try_family("AF_PACKET", AF_PACKET, SOCK_RAW, 0);
  try_family("AF_NETLINK", AF_NETLINK, SOCK_RAW, 0);
  try_family("AF_XDP", AF_XDP, SOCK_RAW, 0);
  try_family("raw AF_INET", AF_INET, SOCK_RAW, IPPROTO_ICMP);
  try_family("raw AF_INET6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
  try_family("AF_BLUETOOTH", AF_BLUETOOTH, SOCK_RAW, 0);
  try_family("AF_KEY", AF_KEY, SOCK_RAW, 2);
}

void ask_names(void) {
  if (!given.metadata) {
    skipped("DNS", "only in a network namespace with a fake, which the harness makes");
    return;
  }
  // A question for slipway.example, to a server at an address that is nobody's (RFC 5737).
  static const char question[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\7slipway\7example\0\0\1\0";
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(53)};
  inet_pton(AF_INET, "192.0.2.53", &server.sin_addr);
  int line = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  char answer[512];
  struct pollfd wait = {.fd = line, .events = POLLIN};
  bool sent = line >= 0 && sendto(line, question, sizeof question, 0, (struct sockaddr *)&server,
                                  sizeof server) > 0;
  if (!sent) {
    refused("a question by UDP");
  } else {
    bool answered = poll(&wait, 1, PATIENCE) == 1 && recv(line, answer, sizeof answer, 0) > 0;
    if (!answered && errno == 0) errno = ETIMEDOUT;
    judge("a question by UDP", answered);
  }
  if (line >= 0) close(line);
  try_address(AF_INET, "192.0.2.53", 53);
}
