import Glibc
import Pipelines
import Store

/// Answers a shell that completes a line: `slipway complete WORD…`, the last being written.
///
/// It never complains, changes nothing, and does not keep anybody waiting.
enum Completion {
    private static let patience: UInt32 = 1

    static func answer(_ words: [String]) -> Int32 {
        signal(SIGALRM) { _ in _exit(ExitCode.success) }
        alarm(patience)
        let line = Completing(words, commands: CommandLineTool.commands.map { $0.words })
        Output.print(offer(line, words.last ?? "").text(completing: words.last ?? ""))
        return ExitCode.success
    }

    private static func offer(_ line: Completing, _ current: String) -> Offer {
        switch line.wanted {
        case .command:
            let commands = CommandLineTool.commands.map { Offer.Word($0.name, $0.words.about) }
            let general = [
                Offer.Word("help", "tell more of a command"), Offer.Word("--help", "tell them all"),
                Offer.Word("--version", "tell the version"),
            ]
            return Offer(words: commands + general)
        case .flags(let flags):
            return Offer(words: flags.map { Offer.Word($0.name, $0.note) })
        case .word(let kinds, let prefix):
            let typed = String(current.dropFirst(prefix.count))
            let offers = kinds.map { offer($0, typed, after: prefix, line) }
            guard let files = offers.first(where: { $0.source != .words }) else {
                let words = offers.flatMap(\.words).map { Offer.Word(prefix + $0.text, $0.note) }
                return Offer(words: words)
            }
            return files
        case .nothing: return .nothing
        }
    }

    private static func offer(
        _ kind: WordKind, _ typed: String, after prefix: String, _ line: Completing
    ) -> Offer {
        let arguments = line.arguments
        switch kind {
        case .text: return .nothing
        case .file: return Offer(source: .files, prefix: prefix)
        case .folder: return Offer(source: .folders, prefix: prefix)
        case .definition: return Offer(source: .definitions, prefix: prefix)
        case .oneOf(let words): return Offer(words: words.map { Offer.Word($0) })
        case .served:
            return Offer(words: served(kind, typed, line) ?? [])
        case .pipeline, .execution, .action:
            if let words = served(kind, typed, line) { return Offer(words: words) }
            guard let home = arguments.flatMap({ try? LocalPlace.existingHome($0) }) else {
                return .nothing
            }
            return Offer(words: (try? recorded(kind, in: home, arguments)) ?? [])
        case .stage: return Offer(words: definition(arguments)?.stageWords ?? [])
        case .variable, .source, .secret:
            guard let equals = typed.firstIndex(of: "=") else {
                return Offer(words: definition(arguments)?.names(of: kind) ?? [])
            }
            let before = prefix + typed[...equals]
            switch kind {
            case .source: return Offer(source: .folders, prefix: before)
            case .secret: return Offer(source: .files, prefix: before)
            default: return Offer(words: definition(arguments)?.choices(after: typed) ?? [])
            }
        }
    }

    /// Nothing where the command asks no server.
    private static func served(
        _ kind: WordKind, _ typed: String, _ line: Completing
    ) -> [Offer.Word]? {
        guard line.asksServer, let arguments = line.arguments,
            let served = ServedWords(for: arguments)
        else { return nil }
        return served.words(kind, typed: typed, after: arguments.operands)
    }

    private static func recorded(
        _ kind: WordKind, in home: String, _ arguments: Arguments?
    ) throws(StoreError) -> [Offer.Word] {
        guard kind == .action else {
            let all = try History.executions(in: home, of: nil, limit: 100)
            guard kind == .pipeline else {
                return all.map { Offer.Word("\($0.pipeline)/\($0.number)", $0.status) }
            }
            return Set(all.map(\.pipeline)).sorted().map { Offer.Word($0, "all its executions") }
        }
        guard let (pipeline, number) = ExecutionName.parse(arguments?.operands.first) else {
            return []
        }
        var seen: Set<String> = []
        return try History.attempts(of: pipeline, number, in: home).reversed()
            .filter { seen.insert("\($0.stage)/\($0.job)").inserted }.reversed()
            .map { Offer.Word("\($0.stage)/\($0.job)", $0.status) }
    }

    /// The pipeline that the line is about. Names of time zones are taken on their word: to read
    /// them all takes longer than all else.
    private static func definition(_ arguments: Arguments?) -> Definition? {
        let path = arguments?.operands.first ?? "pipeline.yml"
        guard path != "-", let bytes = try? Input.read(path) else { return nil }
        return Definition.read(bytes, zones: nil).definition
    }
}

extension Flag {
    /// The beginning of what it is about: a line beside others has no room for more.
    fileprivate var note: String { String(about.prefix { $0 != ";" }) }
}

extension Definition {
    fileprivate var stageWords: [Offer.Word] {
        stages.map { Offer.Word($0.name.description, "stage") }
    }

    fileprivate func names(of kind: WordKind) -> [Offer.Word] {
        switch kind {
        case .variable: variables.map { Offer.Word("\($0.name)=", $0.about ?? "") }
        case .source: sources.map { Offer.Word("\($0.name)=", "a folder or repository") }
        default: secretNames.sorted().map { Offer.Word("\($0)=", "a file") }
        }
    }

    /// Values for a variable that allows only some: `NAME=VALUE`.
    fileprivate func choices(after typed: String) -> [Offer.Word] {
        let variable = variables.first { typed.hasPrefix("\($0.name)=") }
        return variable.map { named in named.choices.map { Offer.Word("\(named.name)=\($0)") } }
            ?? []
    }

    private var secretNames: Set<String> {
        Set(stages.flatMap(\.actions).flatMap(\.work.secretNames).map(\.description))
    }
}
