import YAML

/// Opened by commands that succeed.
package struct CheckGate: GateKind {
    package static let key = "check"
    package static let about = "commands that have to succeed, in the sandbox"

    /// How often a check is repeated until its time is over, where only the time is given.
    private static let standardInterval = Duration.seconds(30)

    package let action: Action
    package let within: Duration?

    package var opening: Opening { .check(action, within: within) }
    package var templates: [Template] { action.work.templates }
    package var summary: String { "check: \(action.work.summary)" }

    package static func read(_ keys: inout Keys) -> CheckGate? {
        keys.required(key, shape, about: about)
    }

    fileprivate init?(_ run: Run, every: Duration?, within: Duration?) {
        guard let name = ActionName("check") else { return nil }
        let delay = every ?? Self.standardInterval
        let repeated = RetryPolicy(
            times: .max, causes: Set(RetryCause.allCases), delay: delay, backOff: 1,
            maximumDelay: delay)
        action = Action(
            name: Located(name, at: run.steps.first?.script.place ?? Place(line: 1, column: 1)),
            namespace: "check", about: nil, written: [],
            retry: within == nil ? .standard : repeated, time: run.limits.time, work: run)
        self.within = within
    }
}

extension CheckGate {
    fileprivate static let shape = Shape<CheckGate>(
        "commands, or a mapping", schema: .any([.text, .list(.text), full.schema])
    ) { node, findings in
        if case .mapping = node.content { return full.read(node, &findings) }
        // Short for a mapping with nothing but the commands.
        let key = Node(.scalar("run", isPlain: true), at: node.place)
        let mapping = Node(.mapping([Entry(key: key, value: node)]), at: node.place)
        return full.read(mapping, &findings)
    }

    private static let full = Shape<CheckGate>.mapping(
        about: "what is checked, how often and how long"
    ) { keys in
        let run = Run.read(&keys)
        let every = keys.optional("every", .duration, about: "the pause between two tries")
        let within = keys.optional("within", .duration, about: "how long it is tried")
        if keys.has("every"), !keys.has("within") {
            keys.findings.error(
                at: keys.keyPlace(of: "every"), "'every' needs 'within' to come to an end",
                hint: "add 'within: 10m', say")
        }
        return run.flatMap { CheckGate($0, every: every, within: within) }
    }
}
