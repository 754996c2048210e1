package import Pipelines

/// What an attempt works on: an action of a stage, the check of a gate, or a hook on the way of
/// what an action deploys.
package enum Job: Hashable, Sendable, Codable {
    case action(ActionName)
    case check(GateID.Side, Int)
    case hook(Hook, ActionName)

    // What the record calls values that have no label here.
    private enum ActionCodingKeys: String, CodingKey {
        case _0 = "name"
    }
    private enum CheckCodingKeys: String, CodingKey {
        case _0 = "side", _1 = "index"
    }
    private enum HookCodingKeys: String, CodingKey {
        case _0 = "hook", _1 = "of"
    }
}

extension Job {
    /// As it is written in a path: `compile`, `@before-1`, `@after-traffic-release`.
    package var word: String {
        switch self {
        case .action(let name): name.description
        // No action's name begins with '@'.
        case .check(let side, let index): "@\(side.rawValue)-\(index + 1)"
        case .hook(let hook, let action): "@\(hook.rawValue)-\(action)"
        }
    }

    package init?(word: String) {
        guard word.first == "@" else {
            guard let name = ActionName(word) else { return nil }
            self = .action(name)
            return
        }
        let rest = word.dropFirst()
        for hook in Hook.allCases where rest.hasPrefix(hook.rawValue + "-") {
            guard let action = ActionName(String(rest.dropFirst(hook.rawValue.count + 1))) else {
                return nil
            }
            self = .hook(hook, action)
            return
        }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let side = GateID.Side(rawValue: String(parts[0])),
            let place = Int(parts[1]), place > 0, parts[1] == "\(place)"
        else { return nil }
        self = .check(side, place - 1)
    }

    /// Hooks live as long as their deployment, and not with the stage that asked for it.
    package var isHook: Bool { if case .hook = self { true } else { false } }
}
