package import Engine
import Pipelines

/// Pipelines made up from a seed, as the text that a person would write.
package struct Scenario {
    private var random: Randomness

    package init(seed: UInt64) { random = Randomness(seed: seed) }

    /// What the clock shows when a simulation begins.
    package static let start: Int64 = 1_800_000_000_000

    package static let people = [
        Person("ada", roles: ["developers"]),
        Person("bea", roles: ["release-managers"]),
        Person("cem", roles: ["release-managers", "developers"]),
        Person("dov", roles: ["viewers"]),
    ]

    package mutating func text(named name: String, revision: Int) -> String {
        var lines = ["name: \(name)", "about: version \(revision)"]
        lines.append(
            "mode: \(random.pick(["superseded", "queued", "parallel", "superseded"]) ?? "queued")")
        if random.chance(1, in: 4) {
            lines.append("priority: \(random.pick(["low", "high", "urgent"]) ?? "low")")
        }
        lines.append("variables:\n  region: { default: north, choices: [north, south] }")
        lines.append("sources:\n  app: { git: /repositories/\(name), branches: [main] }")
        lines.append("stages:")
        let isParallel = lines.contains("mode: parallel")
        for number in 1...random.number(in: 1...3) {
            lines += stage("s\(number)", of: number, isParallel: isParallel)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func stage(_ name: String, of number: Int, isParallel: Bool) -> [String] {
        var lines = ["  - name: \(name)"]
        if random.chance(1, in: 12) { lines.append("    closed: not yet") }
        let gates = (0..<(random.pick([0, 0, 1, 1, 2]) ?? 0)).map { _ in gate(otherwise: "skip") }
        if !gates.isEmpty { lines += ["    before:"] + gates }
        lines.append("    actions:")
        for action in 1...random.number(in: 1...3) {
            lines += self.action(
                "a\(number)\(action)", after: action > 1 ? "a\(number)\(action - 1)" : nil)
        }
        if random.chance(1, in: 5) {
            lines += ["    on-success:", gate(otherwise: isParallel ? "fail" : "roll-back")]
        }
        if let policy = failurePolicy(isParallel: isParallel) { lines.append(policy) }
        return lines
    }

    private mutating func gate(otherwise: String) -> String {
        let refusal = random.chance(1, in: 3) ? ", else: \(otherwise)" : ""
        let two = random.chance(1, in: 3) ? ", needed: 2" : ""
        let eyes = random.chance(1, in: 2) ? ", four-eyes: true" : ""
        return random.pick([
            "      - { approval: { by: [release-managers], within: 1h\(two)\(eyes) }\(refusal) }",
            "      - { approval: { within: 30m\(eyes) }\(refusal) }",
            "      - { wait: 10m }",
            "      - { window: { open: Mon-Fri 09:00-17:00, zone: UTC }\(refusal) }",
            "      - { check: { run: make probe }\(refusal) }",
            "      - { value: \"#{variables.region}\", equals: north\(refusal) }",
        ]) ?? "      - { wait: 1m }"
    }

    private mutating func action(_ name: String, after: String?) -> [String] {
        var keys: [String] = []
        let isApproval = random.chance(1, in: 8)
        keys.append(
            isApproval ? "approval: { by: [release-managers], within: 2h }" : "run: make \(name)")
        if let after, random.chance(1, in: 2) { keys.append("after: \(after)") }
        if !isApproval {
            if random.chance(1, in: 3) { keys.append("outputs: { out-\(name): out }") }
            if random.chance(1, in: 4) {
                keys.append("runner: \(random.pick(["small", "process"]) ?? "small")")
            }
            if random.chance(1, in: 2) {
                keys.append(
                    random.pick([
                        "retry: never", "retry: 2",
                        "retry: { times: 1, on: [failed, lost], delay: 20s }",
                    ])
                        ?? "retry: 1")
            }
        }
        return ["      \(name): { \(keys.joined(separator: ", ")) }"]
    }

    private mutating func failurePolicy(isParallel: Bool) -> String? {
        guard random.chance(1, in: 2) else { return nil }
        let words =
            isParallel
            ? ["fail", "skip", "retry"] : ["fail", "skip", "retry", "roll-back", "roll-back"]
        return "    on-failure: \(random.pick(words) ?? "fail")"
    }
}
