// `slipway-tell SOCKET REPOSITORY [ADDRESS]`: what the post-receive hook runs. It tells the server at a
// socket what git has told the hook on standard input, and who `SLIPWAY_PUSHER` says it was.
//
// In C and static, because the first line of every execution that a push starts waits for it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// The server takes no longer message.
static char message[32 << 10];
static size_t length;

static int fail(const char *what, const char *problem) {
  fprintf(stderr, "slipway-tell: cannot %s: %s\n", what, problem);
  return 4;
}

// A named value, as `Fields` in Attempts reads it; 0 if there is no room for it.
static int add(const char *name, const char *value, size_t count) {
  size_t room = sizeof message - length;
  int head = snprintf(message + length, room, "%s %zu\n", name, count);
  if (head < 0 || (size_t)head + count + 1 > room) return 0;
  length += (size_t)head;
  memcpy(message + length, value, count);
  length += count;
  message[length++] = '\n';
  return 1;
}

// Whole lines of what is on standard input, as many as fit. All of it is read: git is still writing.
static size_t read_lines(char *lines, size_t room) {
  char beyond[4096];
  size_t count = 0;
  ssize_t got;
  for (;;) {
    got = count < room ? read(STDIN_FILENO, lines + count, room - count)
                       : read(STDIN_FILENO, beyond, sizeof beyond);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    if (count < room) count += (size_t)got;
  }
  while (count > 0 && lines[count - 1] != '\n') count--;
  return count;
}

int main(int count, char **arguments) {
  if (count < 3 || count > 4) {
    fprintf(stderr, "slipway-tell: it is told of a push by the hook that `slipway hook install` "
                    "writes\n  hint: write 'slipway hook install --home DIR REPO'\n");
    return 2;
  }
  // Nobody hears the signal: it ends this program, whatever it waits for.
  alarm(1);

  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(arguments[1]) >= sizeof address.sun_path)
    return fail("tell the server", "the path of its socket is too long");
  strcpy(address.sun_path, arguments[1]);

  const char *pusher = getenv("SLIPWAY_PUSHER");
  int fits = add("repository", arguments[2], strlen(arguments[2]));
  if (count == 4) fits &= add("address", arguments[3], strlen(arguments[3]));
  if (pusher && *pusher) fits &= add("pusher", pusher, strnlen(pusher, 1024));
  if (!fits) return fail("tell the server", "the name of the repository is too long");
  // Whatever has been pushed, that something has is what matters most.
  static char lines[20 << 10];
  if (!add("lines", lines, read_lines(lines, sizeof lines))) (void)add("lines", "", 0);

  int line = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (line < 0) return fail("tell the server", strerror(errno));
  ssize_t sent = sendto(line, message, length, 0, (struct sockaddr *)&address, sizeof address);
  return sent == (ssize_t)length ? 0 : fail("tell the server", strerror(errno));
}
