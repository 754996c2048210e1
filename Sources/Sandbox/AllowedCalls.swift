/// The system calls that commands can make. What is not named here fails as if the kernel had never
/// heard of it, so a kernel that learns something new does not teach it to a stage.
///
/// Not among them, on purpose: mounts, namespaces and `chroot`; kernel keys; `bpf`,
/// `perf_event_open` and `userfaultfd`; io_uring, which does what a filter forbids; modules,
/// clocks, swap, quotas and accounting; handles of files; memory of other processes.
enum AllowedCalls {
    static let all =
        files + folders + descriptors + memory + processes + identity + signals + time
        + sockets + exchange + waiting + other

    /// Calls that exist and are for those who rule the machine: they fail as they would for anybody
    /// else, which programs expect, and not as if they did not exist.
    static let privileged = [
        "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "fsconfig",
        "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr", "swapon", "swapoff",
        "reboot", "sethostname", "setdomainname", "settimeofday", "clock_settime", "adjtimex",
        "clock_adjtime", "init_module", "finit_module", "delete_module", "kexec_load",
        "kexec_file_load", "iopl", "ioperm", "acct", "quotactl", "syslog", "vhangup", "bpf",
        "perf_event_open", "userfaultfd", "add_key", "keyctl", "request_key", "io_uring_setup",
        "io_uring_enter", "io_uring_register", "open_by_handle_at", "name_to_handle_at",
        "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
        "lookup_dcookie", "nfsservctl", "fanotify_init", "fanotify_mark", "migrate_pages",
        "move_pages",
    ]

    /// What a sandbox can do besides whose commands make sandboxes of their own. Mounts of the
    /// newer kind stay unknown, so that programs fall back to these.
    static let nesting = ["mount", "umount2", "pivot_root", "chroot", "sethostname"]

    /// What such a sandbox is not told of at all.
    static let newerMounts = [
        "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr",
    ]

    private static let files = [
        "open", "openat", "openat2", "creat", "close", "close_range", "read", "write", "readv",
        "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "lseek",
        "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2",
        "truncate", "ftruncate", "fallocate", "fadvise64", "readahead", "sync", "syncfs", "fsync",
        "fdatasync", "sync_file_range", "statfs", "fstatfs", "chmod", "fchmod", "fchmodat",
        "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat",
        "futimesat", "umask", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr",
        "flistxattr", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr",
        "fremovexattr", "copy_file_range", "sendfile", "splice", "tee", "vmsplice", "mknod",
        "mknodat", "memfd_create", "cachestat",
    ]

    private static let folders = [
        "mkdir", "mkdirat", "rmdir", "rename", "renameat", "renameat2", "link", "linkat", "unlink",
        "unlinkat", "symlink", "symlinkat", "readlink", "readlinkat", "getdents", "getdents64",
        "getcwd", "chdir", "fchdir",
    ]

    private static let descriptors = [
        "dup", "dup2", "dup3", "fcntl", "flock", "pipe", "pipe2", "ioctl",
    ]

    private static let memory = [
        "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "msync", "mincore", "mlock",
        "mlock2", "munlock", "mlockall", "munlockall", "memfd_secret", "pkey_alloc", "pkey_free",
        "pkey_mprotect", "get_mempolicy", "set_mempolicy", "mbind", "membarrier", "mseal",
        "map_shadow_stack",
    ]

    private static let processes = [
        "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid", "getpid",
        "getppid", "gettid", "getpgid", "setpgid", "getpgrp", "getsid", "setsid", "prctl",
        "arch_prctl", "set_tid_address", "set_robust_list", "get_robust_list", "rseq", "futex",
        "futex_waitv", "futex_wake", "futex_wait", "futex_requeue", "getrlimit", "setrlimit",
        "prlimit64", "getrusage", "getpriority", "setpriority", "ioprio_get", "ioprio_set",
        "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getparam",
        "sched_setparam", "sched_getscheduler", "sched_setscheduler", "sched_getattr",
        "sched_setattr", "sched_get_priority_max", "sched_get_priority_min",
        "sched_rr_get_interval", "getcpu", "pidfd_open", "pidfd_send_signal", "ptrace",
        "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    ]

    private static let identity = [
        "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "setuid",
        "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid",
        "setfsgid", "capget", "capset", "uname",
    ]

    private static let signals = [
        "kill", "tkill", "tgkill", "rt_sigaction", "rt_sigprocmask", "rt_sigpending",
        "rt_sigsuspend", "rt_sigtimedwait", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "rt_sigreturn",
        "sigaltstack", "pause", "restart_syscall", "signalfd", "signalfd4",
    ]

    private static let time = [
        "time", "gettimeofday", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
        "alarm", "getitimer", "setitimer", "timer_create", "timer_settime", "timer_gettime",
        "timer_getoverrun", "timer_delete", "timerfd_create", "timerfd_settime", "timerfd_gettime",
        "times",
    ]

    /// `socket` and `socketpair` are allowed by their families, elsewhere.
    private static let sockets = [
        "bind", "listen", "accept", "accept4", "connect", "getsockname", "getpeername",
        "getsockopt", "setsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg",
        "recvmmsg", "shutdown",
    ]

    private static let exchange = [
        "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget",
        "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive",
        "mq_notify", "mq_getsetattr", "eventfd", "eventfd2",
    ]

    private static let waiting = [
        "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl",
        "epoll_wait", "epoll_pwait", "epoll_pwait2", "inotify_init", "inotify_init1",
        "inotify_add_watch", "inotify_rm_watch", "io_setup", "io_destroy", "io_submit",
        "io_cancel", "io_getevents", "io_pgetevents",
    ]

    private static let other = ["getrandom", "sysinfo"]
}
