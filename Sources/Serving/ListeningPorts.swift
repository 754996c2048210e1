/// The ports that somebody listens at in a network, as `/proc/net/tcp` and `tcp6` tell them.
package enum ListeningPorts {
    private static let listening = "0A"

    package static func all(in tables: [String]) -> [UInt16] {
        var ports = Set<UInt16>()
        for table in tables {
            // sl, local address, remote address, state
            for line in table.split(separator: "\n").dropFirst() {
                let words = line.split(separator: " ")
                guard words.count > 3, words[3] == listening,
                    let digits = words[1].split(separator: ":").last,
                    let port = UInt16(digits, radix: 16)
                else { continue }
                ports.insert(port)
            }
        }
        return ports.sorted()
    }

    /// Why nobody answers at a port.
    package static func cause(_ port: UInt16, listening ports: [UInt16]) -> String {
        if ports.contains(port) {
            return "it listens on port \(port), but not at an address of its own loopback"
        }
        guard !ports.isEmpty else { return "nothing listens on port \(port) ($PORT)" }
        let others = ports.prefix(5).map { "\($0)" }.joined(separator: ", ")
        return "it listens on \(others) and not on \(port), which is its $PORT"
    }
}
