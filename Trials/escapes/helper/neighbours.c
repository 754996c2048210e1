// E45, E46: two sandboxes at the same time. The harness starts both, and each does the same.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "escapes.h"

enum { PLACES = 5, TOGETHER = 3000 };  // milliseconds in which the two have to meet

static const char *const places[PLACES] = {"/tmp", "/dev/shm", "/var/tmp", "/run", NULL};

static socklen_t address(size_t place, struct sockaddr_un *name) {
  *name = (struct sockaddr_un){.sun_family = AF_UNIX};
  size_t room = sizeof name->sun_path - 1;
  if (places[place]) {
    snprintf(name->sun_path, room, "%s/%s", places[place], marked("meeting"));
    return sizeof *name;
  }
  int length = snprintf(name->sun_path + 1, room, "%s", marked("meeting"));
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static bool hand_over(int line, bool gives) {
  char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec bytes = {&byte, 1};
  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room,
                           .msg_controllen = sizeof room};
  if (!gives) return recvmsg(line, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message);
  struct cmsghdr *part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof(int));
  int given_away = STDIN_FILENO;
  memcpy(CMSG_DATA(part), &given_away, sizeof given_away);
  return sendmsg(line, &message, MSG_NOSIGNAL) == 1;
}

// Listens at the place, unless the other one does already; then takes what it gives.
static int listen_or_take(size_t place) {
  const char *way = places[place] ? places[place] : "an abstract name";
  struct sockaddr_un name;
  socklen_t length = address(place, &name);
  int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line >= 0 && bind(line, (struct sockaddr *)&name, length) == 0 && listen(line, 1) == 0) {
    return line;
  }
  if (line >= 0 && errno == EADDRINUSE && connect(line, (struct sockaddr *)&name, length) == 0) {
    judge(way, hand_over(line, false));
  } else {
    refused(way);
  }
  if (line >= 0) close(line);
  return -1;
}

void pass_descriptor(void) {
  struct pollfd lines[PLACES];
  for (size_t i = 0; i < PLACES; i++) {
    lines[i] = (struct pollfd){.fd = listen_or_take(i), .events = POLLIN};
  }
  double end = wall_clock() + TOGETHER / 1000.0;
  bool met[PLACES] = {0};
  while (wall_clock() < end) {
    if (poll(lines, PLACES, 100) <= 0) continue;
    for (size_t i = 0; i < PLACES; i++) {
      if (!(lines[i].revents & POLLIN)) continue;
      int line = accept4(lines[i].fd, NULL, NULL, SOCK_CLOEXEC);
      met[i] = line >= 0 && hand_over(line, true);
      if (line >= 0) close(line);
    }
  }
  for (size_t i = 0; i < PLACES; i++) {
    if (lines[i].fd < 0) continue;
    errno = ETIMEDOUT;
    judge(places[i] ? places[i] : "an abstract name", met[i]);
    struct sockaddr_un name;
    address(i, &name);
    if (places[i]) unlink(name.sun_path);
    close(lines[i].fd);
  }
}

static unsigned number_of_token(void) {
  unsigned number = 5381;
  for (const char *c = given.token; *c; c++) number = number * 33 + (unsigned char)*c;
  return number;
}

// What exists already was made by the other one, who should not be seen.
static void note(const char *way, long result) {
  bool clash = result < 0 && (errno == EEXIST || errno == EADDRINUSE);
  if (result >= 0) errno = ENOENT;
  judge(way, clash);
}

void clash_with_neighbour(void) {
  unsigned number = number_of_token();
  struct sockaddr_in place = {.sin_family = AF_INET};
  place.sin_port = htons((uint16_t)(20000 + number % 10000));
  inet_pton(AF_INET, "127.0.0.1", &place.sin_addr);
  int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int bound = bind(line, (struct sockaddr *)&place, sizeof place);
  if (bound == 0) listen(line, 1);
  note("the same port", bound);
  char path[200], name[140];
  snprintf(path, sizeof path, "/tmp/%s", marked("same"));
  snprintf(name, sizeof name, "/%s", marked("same"));
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  note("the same name in /tmp", file);
  int memory = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0666);
  note("the same name of shared memory", memory);
  key_t key = (key_t)(number | 0x40000000);
  int segment = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
  note("the same key of shared memory", segment);
  int messages = msgget(key, IPC_CREAT | IPC_EXCL | 0666);
  note("the same key of messages", messages);
  int semaphores = semget(key, 1, IPC_CREAT | IPC_EXCL | 0666);
  note("the same key of semaphores", semaphores);
  mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0666, NULL);
  note("the same name of a queue", queue);
  poll(NULL, 0, TOGETHER);
  if (file >= 0) unlink(path);
  if (memory >= 0) shm_unlink(name);
  if (segment >= 0) shmctl(segment, IPC_RMID, NULL);
  if (messages >= 0) msgctl(messages, IPC_RMID, NULL);
  if (semaphores >= 0) semctl(semaphores, 0, IPC_RMID);
  if (queue >= 0) mq_unlink(name);
}
