import CLaunch
import Glibc
import SmallFiles

/// The processes of a sandbox. The first one in it takes all others with it when it is killed,
/// however they forked.
struct ProcessTree {
    private let watcher: Int32
    private let first: Int32
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

    /// Asks every process but the first, which only looks after the others, to end.
    func ask() {
        for process in descendants where process != first { _ = Glibc.kill(process, SIGTERM) }
    }

    /// Of the first, all generations.
    var descendants: [Int32] {
        guard first > 0 else { return [] }
        var all: [Int32] = []
        var open = [first]
        while let process = open.popLast() {
            all.append(process)
            open += Self.children(of: process)
        }
        return all
    }

    private static func children(of process: Int32) -> [Int32] {
        let path = "/proc/\(process)/task/\(process)/children"
        return KernelFile.read(path).split(separator: " ").compactMap { Int32($0) }
    }

    /// In bytes, all of them together.
    static func memory(of processes: [Int32]) -> Int {
        processes.reduce(0) { sum, process in
            let words = KernelFile.read("/proc/\(process)/statm").split(separator: " ")
            return sum + (words.count > 2 ? (Int(words[1]) ?? 0) * 4_096 : 0)
        }
    }
}

enum KernelFile {
    /// Empty if it is not there any more.
    static func read(_ path: String) -> String {
        (try? SmallFile.text(of: path, limit: 1 << 20)) ?? ""
    }
}
