package import Engine
import People
import Pipelines

/// Makes up what happens next, from the seed and from what there is to happen to.
package struct Chance {
    private var random: Randomness
    private var scenario: Scenario
    private var commits = 0
    private var readings = 0
    private var revisions = 0
    private static let pipelines = ["one", "two"].compactMap(PipelineName.init)
    private static let runners = ["process", "small"].compactMap(RunnerName.init)

    package init(seed: UInt64) {
        random = Randomness(seed: seed)
        scenario = Scenario(seed: seed ^ 0x5EED)
    }

    /// What every run begins with.
    package mutating func opening() -> [Step] {
        Self.pipelines.map { .tell([told(define($0))]) }
    }

    package mutating func next(in state: EngineState) -> Step {
        let roll = random.number(below: 1_000)
        switch roll {
        case ..<140: return .look
        case ..<330: return .order(random.number(below: 64), delivery())
        case ..<500: return .attemptEnds(random.number(below: 16), result())
        case ..<560: return .report(random.number(below: 256))
        case ..<640: return .pass(milliseconds: passing())
        case ..<690: return .window(random.number(below: 4), isOpen: random.chance(2, in: 3))
        case ..<790: return .tell([told(push())])
        case ..<800: return .setClock(by: Int64(random.number(in: -400...400)) * 86_400_000)
        case ..<812: return .kill(seed: random.next())
        case ..<824: return .diskFault(fault())
        case ..<830: return .runnerCrash
        case ..<850: return .tell([told(.people(aboutPeople()))])
        default: return people(state)
        }
    }

    private mutating func delivery() -> Delivery {
        random.pick(weighted: [(8, .once), (1, .twice), (1, .lost)]) ?? .once
    }

    private mutating func passing() -> Int64 {
        random.pick(weighted: [(6, 1_000), (4, 30_000), (3, 600_000), (1, 7_200_000)]) ?? 1_000
    }

    private mutating func fault() -> SimulatedDisk.Fault {
        let number = random.number(in: 1...4)
        return random.pick([.power(at: number), .error(at: number), .full(at: number)])
            ?? .power(at: number)
    }

    private mutating func result() -> AttemptResult {
        let artifacts = [
            ArtifactName("out").map { Artifact(name: $0, digest: "d\(random.number(below: 9))") }
        ]
        let ends: [(Int, AttemptEnd)] = [
            (14, .succeeded), (4, .failed(.failed, "exit code 1")),
            (1, .failed(.timedOut, "too long")),
            (1, .failed(.outOfMemory, "too much memory")),
            (1, .failed(.couldNotStart, "no sandbox")),
            (1, .failed(.overLimit, "too many processes")),
        ]
        let end = random.pick(weighted: ends) ?? .succeeded
        return AttemptResult(end: end, artifacts: artifacts.compactMap(\.self))
    }

    private mutating func push() -> Command {
        commits += random.chance(3, in: 4) ? 1 : 0
        readings += 1
        let source = SourceName("app")
        // Late and repeated words of earlier looks come too.
        let reading =
            random.chance(1, in: 6) ? max(1, readings - random.number(below: 5)) : readings
        let name = random.pick(Scenario.people)?.name ?? "ada"
        let author = random.chance(1, in: 3) ? "Somebody <\(name)@example.org>" : name
        let isGone = random.chance(1, in: 20)
        let pipeline = random.pick(Self.pipelines) ?? Self.pipelines[0]
        guard let source else { return .look }
        let revision = Revision(
            source: source, ref: "refs/heads/main", commit: "c\(commits)", message: "change",
            authors: [author])
        return .see(
            Sighting(
                pipeline: pipeline, source: source, ref: "refs/heads/main",
                revision: isGone ? nil : revision, reading: reading,
                note: random.chance(1, in: 10) ? "no watched file changed" : nil))
    }

    private mutating func aboutPeople() -> PeopleCommand {
        let person = PersonName(random.pick(Scenario.people)?.name ?? "ada")
        guard let person, let text = random.pick(KnownTokens.texts) else {
            return .denied(nil, count: 1)
        }
        switch random.number(below: 10) {
        case ..<5:
            let hours = Int64(random.number(in: 1...48))
            let isLasting = random.chance(1, in: 3)
            return .make(
                TokenWish(
                    text, of: person, grants: [Grant(random.pick(Role.allCases) ?? .viewer)],
                    expires: isLasting ? nil : Scenario.start + hours * 3_600_000))
        case ..<7: return .revoke(text.id, reason: "lost")
        case ..<9: return .set(Account(person, aliases: ["\(person)@example.org"]))
        default: return .remove(person)
        }
    }

    private mutating func define(_ name: PipelineName) -> Command {
        revisions += 1
        let text = scenario.text(named: name.description, revision: revisions)
        return Definition.read(Array(text.utf8)).definition.map(Command.define) ?? .look
    }

    private mutating func told(_ command: Command) -> Told {
        Told(command: command, by: .person(random.pick(Scenario.people) ?? Scenario.people[0]))
    }

    private mutating func people(_ state: EngineState) -> Step {
        // Two people at once: what one of them does the other may have made impossible.
        let count = random.chance(1, in: 4) ? 2 : 1
        return .tell((0..<count).map { _ in told(command(state)) })
    }

    private mutating func command(_ state: EngineState) -> Command {
        let name = random.pick(Self.pipelines) ?? Self.pipelines[0]
        let pipeline = state.pipelines[name]
        let stages = pipeline?.current?.definition.stages.map(\.name) ?? []
        let known = pipeline?.executions ?? []
        guard let stage = random.pick(stages) else { return define(name) }
        let target = random.pick(known)
        let at = target?.passage?.visit.stage ?? stage
        let id = target?.id ?? ExecutionID(name, 1)
        switch random.number(below: 100) {
        case ..<30: return answer(state) ?? .look
        case ..<42: return start(name)
        case ..<54: return .retry(id, at, random.chance(1, in: 2) ? .all : .failed)
        case ..<62:
            return .stop(id, random.chance(1, in: 2) ? .wait : .abandon, reason: "enough")
        case ..<70: return .rollBack(name, stage, to: random.chance(1, in: 2) ? nil : id)
        case ..<76: return .skip(id, at, reason: "not needed")
        case ..<82: return .close(name, stage, reason: "freeze")
        case ..<90: return .open(name, stage, reason: "go on")
        case ..<96:
            return .configure(
                random.pick(Self.runners) ?? Self.runners[0], places: random.number(below: 4))
        case ..<99: return define(name)
        default: return random.chance(1, in: 4) ? .remove(name) : define(name)
        }
    }

    private mutating func start(_ name: PipelineName) -> Command {
        let request = random.chance(1, in: 3) ? RequestID("r\(random.number(below: 8))") : nil
        return .start(Start(name, request: request))
    }

    private mutating func answer(_ state: EngineState) -> Command? {
        guard let asking = random.pick(state.askings) else { return nil }
        let verdict = random.chance(1, in: 6) ? Verdict.reject : .approve
        let subject = random.chance(1, in: 12) ? "something else" : asking.subject
        return .answer(Answer(asking.id, verdict, comment: "seen", subject: subject))
    }
}
