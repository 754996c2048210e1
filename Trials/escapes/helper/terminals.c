// E07–E09: the terminal of whoever started the sandbox.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "escapes.h"

void push_input(void) {
  // One letter, into a terminal that the harness made and nobody reads.
  for (int number = 0; number <= 2; number++) {
    char way[40];
    snprintf(way, sizeof way, "ioctl(%d, TIOCSTI)", number);
    judge(way, ioctl(number, TIOCSTI, "x") == 0);
  }
  int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) {
    refused("/dev/tty");
    return;
  }
  judge("TIOCSTI on /dev/tty", ioctl(terminal, TIOCSTI, "x") == 0);
  // The upper half of the request is ignored by the kernel, and once was not by filters.
  judge("TIOCSTI with high bits",
        ioctl(terminal, (unsigned long)TIOCSTI | 0x100000000UL, "x") == 0);
  close(terminal);
}

void paste_console(void) {
  // No such subcommand exists, so a console that takes the call says EINVAL.
  for (int number = 0; number <= 2; number++) {
    char subcommand = 127, way[40];
    snprintf(way, sizeof way, "ioctl(%d, TIOCLINUX)", number);
    judge(way, ioctl(number, TIOCLINUX, &subcommand) == 0 || errno == EINVAL);
  }
  for (const char *const *path = (const char *const[]){"/dev/tty0", "/dev/tty1", NULL}; *path;
       path++) {
    int console = open(*path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (console < 0) {
      refused(*path);
      continue;
    }
    char subcommand = 127;
    judge(*path, ioctl(console, TIOCLINUX, &subcommand) == 0 || errno == EINVAL);
    close(console);
  }
}

void open_terminal(void) { open_file("/dev/tty", O_RDWR); }
