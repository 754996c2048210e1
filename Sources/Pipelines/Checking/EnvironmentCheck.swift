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
        if let environment = definition.environment(deploy.environment) {
            return checkKind(deploy, of: action, environment, &findings)
        }
        let names = definition.environments.map { "\($0.name)" }
        guard !findings.lost.contains("\(deploy.environment)") else { return }
        let guess = Nearest.word(to: "\(deploy.environment)", among: names)
        // No mistake, because there are definitions on records from before environments had words.
        findings.warning(
            at: action.place, "nothing says what runs in environment '\(deploy.environment)'",
            hint: (guess.map { "did you mean '\($0)'? " } ?? "")
                + "describe it under 'environments:'")
    }

    /// What goes to this machine is not what goes to AWS.
    private static func checkKind(
        _ deploy: Deploy, of action: Action, _ environment: Environment,
        _ findings: inout Findings
    ) {
        let name = environment.name
        guard let ecs = environment.ecs else {
            if deploy.artifact != nil { checkPrograms(environment, &findings) }
            if let templates = deploy.templatesFrom {
                findings.error(
                    at: templates.place, "environment '\(name)' takes no templates",
                    hint: "remove 'templates'; they are for an environment on ECS")
            }
            return
        }
        if let artifact = deploy.artifact {
            findings.error(
                at: artifact.place, "environment '\(name)' is on ECS, which runs images",
                hint: "write 'image: \"#{ACTION.uri}\"' with the action that pushed it")
        }
        let wanted = [ecs.task, ecs.codeDeploy?.appspec].compactMap(\.self)
        if let path = wanted.first, deploy.templatesFrom == nil {
            findings.error(
                at: action.place, "environment '\(name)' wants '\(path)', and nobody gives it",
                hint: "name the artifact that has it as 'templates'")
        } else if wanted.isEmpty, let templates = deploy.templatesFrom {
            findings.error(
                at: templates.place, "environment '\(name)' takes nothing from templates",
                hint: "say with 'task' where the task definition is, or remove 'templates'")
        }
        do throws(Mistake) {
            _ = try ECSManner(deploy.strategy, by: ecs)
        } catch {
            findings.error(at: action.place, error.problem, hint: error.hint)
        }
    }

    private static func checkPrograms(_ environment: Environment, _ findings: inout Findings) {
        for service in environment.services where service.script == nil {
            findings.error(
                at: environment.place,
                "nothing says what service '\(service.name)' runs, and an artifact has no "
                    + "program of its own", hint: "add 'run' to the service, or deploy an image")
        }
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
