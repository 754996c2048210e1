import Glibc

/// Processes that descend from one, which only looks after the others.
package protocol Processes: ~Copyable {
    /// Not positive if there was none.
    var first: Int32 { get }
}

extension Processes where Self: ~Copyable {
    /// Of the first, all generations.
    package var descendants: [Int32] {
        guard first > 0 else { return [] }
        var all: [Int32] = []
        var open = [first]
        while let process = open.popLast() {
            all.append(process)
            open += Self.children(of: process)
        }
        return all
    }

    /// Asks every process but the first to end.
    package func ask() {
        for process in descendants where process != first { _ = kill(process, SIGTERM) }
    }

    package static func children(of process: Int32) -> [Int32] {
        let path = "/proc/\(process)/task/\(process)/children"
        return KernelFile.read(path).split(separator: " ").compactMap { Int32($0) }
    }
}

enum ProcessMemory {
    /// All of them together.
    static func bytes(of processes: [Int32]) -> Int {
        processes.reduce(0) { sum, process in
            let words = KernelFile.read("/proc/\(process)/statm").split(separator: " ")
            return sum + (words.count > 2 ? (Int(words[1]) ?? 0) * 4_096 : 0)
        }
    }
}
