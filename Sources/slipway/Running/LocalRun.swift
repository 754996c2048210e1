import Artifacts
import Conductor
import Engine
import Glibc
import Pipelines
import Premises
import Runner
import Sandbox
import Sources
import Store
import Zones

/// Builds a house around one folder, runs one execution in it, and leaves.
enum LocalRun {
    static func perform(_ request: RunRequest) throws -> Int32 {
        let place = try LocalPlace.find(request)
        let home = try Home(holding: place.home)
        let conductor = try Conductor.recovering(try home.store())
        let clock = HouseClock(after: conductor.lastMoment?.steady)
        let trees = try HouseTrees(at: place.home)
        // What nothing can be put back to is of no use to anybody.
        _ = try trees.retire(keeping: conductor.state.pipelines.values.flatMap(\.executions))
        let profiles = try Profiles(in: request.runners).needed(by: request.definition)
        let secrets = try request.readSecrets()
        let registries = try Registries(in: request.registries).access()
        let runner = try ProcessRunner(
            paths: AttemptPaths(home: place.home), profiles: profiles, trees: trees,
            facts: HostFacts.look(), supervisors: ProgramPlace.supervisors, registries: registries
        ) { secrets[$0] }
        runner.keepsWorkspaces = request.keeps
        runner.prepareAhead()
        let calendar = Calendar()
        let unfinished = conductor.state.unfinished(of: request.definition.name)
        let person = Who.person(Person(place.user))
        let wish = RunWish(
            person: person, resumed: request.resumes ? unfinished.last : nil,
            approved: request.approved, skipped: request.skipped)
        let view = view(for: request)
        var messages: [Message] = []
        if request.resumes {
            guard unfinished.last != nil else {
                // One that was killed when all was over has perhaps not tidied up.
                runner.collectEnded(in: conductor.state)
                runner.finish()
                throw Refusal(
                    .unknown, "no execution of '\(request.definition.name)' was interrupted",
                    hint: "start one: slipway run FILE")
            }
        } else {
            let watched = WatchedRegistries(registries) { secrets[$0] }
            let revisions = try place.revisions(for: request, into: trees, watched) { view.say($0) }
            messages = opening(
                request, revisions, replacing: unfinished, profiles, by: person, conductor.state)
        }
        let house = House(conductor, hands: runner) { calendar.view(of: $0, at: $1) }
        var loop = RunLoop(house, runner, clock, view, wish)
        return code(for: try loop.run(messages))
    }

    /// What the house is told first. What is passed by is closed before anything can enter it.
    private static func opening(
        _ request: RunRequest, _ revisions: [Revision], replacing unfinished: [ExecutionID],
        _ profiles: [RunnerProfile], by person: Who, _ state: EngineState
    ) -> [Message] {
        let name = request.definition.name
        var commands = unfinished.map {
            Engine.Command.stop($0, .abandon, reason: "another run was started")
        }
        commands += profiles.map { .configure($0.name, places: $0.places) }
        commands.append(.define(request.definition))
        let stages = request.definition.stages.map(\.name)
        for stage in stages {
            let isClosed = state.pipelines[name]?.stages[stage]?.closed != nil
            if request.skipped.contains(stage), !isClosed {
                commands.append(.close(name, stage, reason: "this run passes it by"))
            } else if !request.skipped.contains(stage), isClosed {
                commands.append(.open(name, stage, reason: "this run goes through it"))
            }
        }
        commands.append(
            .start(Start(name, revisions: revisions, variables: request.variables)))
        return commands.map { Message($0, by: person) }
    }

    private static func view(for request: RunRequest) -> any RunView {
        if request.isJSON { return JSONView() }
        if isatty(STDOUT_FILENO) == 1, unsafe getenv("TERM") != nil {
            return LiveView(colours: unsafe getenv("NO_COLOR") == nil)
        }
        return PlainView(wantsOutput: !request.isQuiet)
    }

    private static func code(for outcome: Outcome) -> Int32 {
        switch outcome {
        case .succeeded: ExitCode.success
        case .failed: ExitCode.failure
        case .stopped, .superseded, .cancelled: ExitCode.stopped
        }
    }
}

extension EngineState {
    fileprivate func unfinished(of pipeline: PipelineName) -> [ExecutionID] {
        (pipelines[pipeline]?.live.map(\.self) ?? []).filter { !$0.isFinished }.map(\.id)
    }
}

extension RunRequest {
    /// A secret ends where its file does, without the line's end that an editor leaves.
    fileprivate func readSecrets() throws -> [SecretName: [UInt8]] {
        var values: [SecretName: [UInt8]] = [:]
        for (name, path) in secrets {
            do throws(Input.Failure) {
                var bytes = try Input.read(path)
                if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
                values[name] = bytes
            } catch {
                throw Refusal(
                    .invalid, "secret '\(name)' cannot be read from '\(path)': \(error.problem)",
                    hint: error.hint)
            }
        }
        return values
    }
}
