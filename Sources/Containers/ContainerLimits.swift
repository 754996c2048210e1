import Attempts
import JSON

extension AttemptSpec.Limits {
    /// What a fork bomb comes to where nobody has said how many processes there may be.
    private static let standardProcesses = 16_384

    /// As the Engine is asked to keep them; `own` processes are ours and count too.
    func asked(besides own: Int) -> [JSON.Member] {
        // Of open files the Engine's own limit holds: it may not be able to give more.
        var ulimits: [JSON] = [Self.ulimit("core", 0)]
        if let disk { ulimits.append(Self.ulimit("fsize", disk)) }
        var members: [JSON.Member] = [
            .init("PidsLimit", .int((processes ?? Self.standardProcesses) + own)),
            .init("Ulimits", .array(ulimits)),
        ]
        if let memory {
            // Swap would turn a limit on memory into a slow machine.
            members += [.init("Memory", .int(memory)), .init("MemorySwap", .int(memory))]
        }
        if let cpu { members.append(.init("NanoCpus", .int(cpu * 10_000_000))) }
        return members
    }

    private static func ulimit(_ name: String, _ value: Int) -> JSON {
        ["Name": .string(name), "Soft": .int(value), "Hard": .int(value)]
    }
}
