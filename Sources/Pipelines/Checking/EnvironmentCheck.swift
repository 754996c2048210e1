import YAML

/// What is deployed has to be told how to run, and no two services may listen at one place.
enum EnvironmentCheck {
    static func check(_ definition: Definition, _ findings: inout Findings) {
        for stage in definition.stages {
            for action in stage.actions {
                guard let deploy = action.work as? Deploy else { continue }
                check(deploy, of: action, definition, &findings)
            }
        }
        checkPlaces(definition, &findings)
    }

    private static func check(
        _ deploy: Deploy, of action: Action, _ definition: Definition, _ findings: inout Findings
    ) {
        let names = definition.environments.map { "\($0.name)" }
        guard definition.environment(deploy.environment) == nil,
            !findings.lost.contains("\(deploy.environment)")
        else { return }
        let guess = Nearest.word(to: "\(deploy.environment)", among: names)
        // No mistake, because there are definitions on records from before environments had words.
        findings.warning(
            at: action.place, "nothing says what runs in environment '\(deploy.environment)'",
            hint: (guess.map { "did you mean '\($0)'? " } ?? "")
                + "describe it under 'environments:'")
    }

    private static func checkPlaces(_ definition: Definition, _ findings: inout Findings) {
        var taken: [Listen: String] = [:]
        for environment in definition.environments {
            for service in environment.services {
                guard let listen = service.listen else { continue }
                if let other = taken[listen] {
                    findings.error(
                        at: environment.place,
                        "service '\(service.name)' listens at \(listen), and so does \(other)",
                        hint: "give each a port of its own")
                }
                taken[listen] = "'\(service.name)' of '\(environment.name)'"
            }
        }
    }
}

extension Definition {
    package func environment(_ name: EnvironmentName) -> Environment? {
        environments.first { $0.name == name }
    }

    /// Every text that has to be filled in before the action can start.
    func templates(of action: Action) -> [Template] {
        guard let deploy = action.work as? Deploy else { return action.work.templates }
        let services = environment(deploy.environment)?.services ?? []
        return action.work.templates + services.flatMap(\.settings).map(\.value)
            + services.flatMap(\.queries).map(\.ask)
    }
}
