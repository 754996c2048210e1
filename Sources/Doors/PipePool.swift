import Glibc

/// Pipes through which the kernel moves what is sent from one connection to another, lent to those
/// who have something in them: most connections are silent most of the time.
struct PipePool: ~Copyable {
    struct Pipe {
        let read: Int32
        let write: Int32

        func close() {
            Glibc.close(read)
            Glibc.close(write)
        }
    }

    private static let mostKept = 64

    private var spare: [Pipe] = []

    deinit { for pipe in spare { pipe.close() } }

    /// Nothing where the machine has no more of them.
    mutating func take() -> Pipe? {
        if let pipe = spare.popLast() { return pipe }
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return Pipe(read: ends[0], write: ends[1])
    }

    /// It has to be empty.
    mutating func giveBack(_ pipe: Pipe) {
        if spare.count < Self.mostKept { spare.append(pipe) } else { pipe.close() }
    }
}
