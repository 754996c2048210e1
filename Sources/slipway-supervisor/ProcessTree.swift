import CLaunch
import Glibc
import Supervising

/// The processes of a sandbox. The first one in it takes all others with it when it is killed,
/// however they forked.
struct ProcessTree: Processes {
    private let watcher: Int32
    let first: Int32
    /// Readable when the first is dead, which it is when all the others are.
    let descriptor: Int32
    var isGone: Bool

    init(watcher: Int32, info: Int32) {
        self.watcher = watcher
        first = Self.first(toldOn: info)
        descriptor = first > 0 ? slipway_process_descriptor(first) : -1
        // Bubblewrap told of none: it failed before there was one.
        isGone = descriptor < 0
    }

    /// Bubblewrap writes JSON with the number after "child-pid". It has said so, or ended, before
    /// a command is run.
    private static func first(toldOn info: Int32) -> Int32 {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while bytes.count < 4_096, !bytes.contains(UInt8(ascii: ",")) {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe read(info, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let key = text.firstRange(of: "\"child-pid\":") else { return -1 }
        let digits = text[key.upperBound...].drop { $0 == " " }.prefix(while: \.isNumber)
        return Int32(digits) ?? -1
    }

    /// Limits how many there may be. They are counted in the user namespace of their sandbox, so
    /// the limit has to be given to the first of them, and not to who makes the sandbox.
    func limit(to processes: Int) {
        if first > 0 { _ = slipway_limit_processes(first, UInt(processes)) }
    }

    func kill() {
        if first > 0 { _ = Glibc.kill(first, SIGKILL) }
        _ = Glibc.kill(watcher, SIGKILL)
    }
}
