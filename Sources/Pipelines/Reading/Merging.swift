import YAML

/// Makes the entries of a mapping a dictionary: keys are texts, each comes once, and `<<` takes
/// over what another mapping has.
enum Merging {
    static func entries(of written: [Entry], _ findings: inout Findings) -> [String: Entry]? {
        Duplicates.check(written, &findings)
        var entries: [String: Entry] = [:]
        var isWhole = true
        for entry in written {
            guard case .scalar(let name, let isPlain) = entry.key.content else {
                findings.error(
                    at: entry.key.place, "a key has to be a word, found \(entry.key.found)",
                    hint: "write 'key: value'")
                isWhole = false
                continue
            }
            if name == "<<", isPlain {
                isWhole = merge(entry.value, into: &entries, &findings) && isWhole
            } else {
                entries[name] = entry
            }
        }
        // What is written here wins over what is taken over, wherever `<<` stands.
        for entry in written {
            if case .scalar(let name, _) = entry.key.content, name != "<<" { entries[name] = entry }
        }
        return isWhole ? entries : nil
    }

    private static func merge(
        _ node: Node, into entries: inout [String: Entry], _ findings: inout Findings
    ) -> Bool {
        switch node.content {
        case .mapping(let others):
            guard let inherited = self.entries(of: others, &findings) else { return false }
            entries.merge(inherited) { mine, _ in mine }
            return true
        case .sequence(let nodes):
            return nodes.allSatisfy { node in
                guard case .mapping = node.content else { return reject(node, &findings) }
                return merge(node, into: &entries, &findings)
            }
        case .scalar: return reject(node, &findings)
        }
    }

    private static func reject(_ node: Node, _ findings: inout Findings) -> Bool {
        findings.error(
            at: node.place, "'<<' takes over a mapping, found \(node.found)",
            hint: "write '<<: *NAME' with a mapping that '&NAME' names")
        return false
    }
}

enum Duplicates {
    static func check(_ entries: [Entry], _ findings: inout Findings) {
        var first: [String: Place] = [:]
        for entry in entries {
            guard case .scalar(let name, _) = entry.key.content else { continue }
            if let before = first[name] {
                findings.error(
                    at: entry.key.place, "'\(name)' is here twice, first in line \(before.line)",
                    hint: "keep one of them")
            } else {
                first[name] = entry.key.place
            }
        }
    }
}
