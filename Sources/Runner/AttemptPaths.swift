package import Attempts
package import Engine
import Pipelines
import SmallFiles

/// Where attempts lie below a house's folder: `executions/shop/42/build.1/compile.1`, so that a
/// person finds a log by its name.
package struct AttemptPaths: Hashable, Sendable {
    package let home: String

    package init(home: String) { self.home = home }

    package var executions: String { "\(home)/executions" }
    /// A link for every attempt that was begun and not collected, by a number of its own.
    package var open: String { "\(home)/run" }

    package func folder(of attempt: AttemptID) -> AttemptFolder {
        AttemptFolder("\(executions)/\(Self.name(of: attempt))")
    }

    /// The folders that hold it, from the outermost.
    private func parents(of attempt: AttemptID) -> [String] {
        let parts = Self.name(of: attempt).split(separator: "/").dropLast()
        return parts.indices.map { executions + "/" + parts[...$0].joined(separator: "/") }
    }

    /// Folders that attempts which are under way work with, whoever started them.
    package var treesInUse: [String] {
        SmallFile.names(in: open).flatMap { name -> [String] in
            guard let folder = AttemptFiles.target(of: "\(open)/\(name)"),
                let spec = AttemptFolder(folder).writtenSpec
            else { return [] }
            return spec.layers + spec.inputs.map(\.path)
        }
    }

    /// Makes the attempt's folder; false if somebody has before, who then decides about it.
    func claim(_ attempt: AttemptID) throws(TreeProblem) -> Bool {
        for parent in parents(of: attempt) { _ = try AttemptFiles.makeFolder(parent) }
        let folder = folder(of: attempt)
        // The link comes first: a claim that nobody finds again would be waited for in vain.
        try AttemptFiles.link(link(of: attempt), to: folder.path)
        return try AttemptFiles.makeFolder(folder.path)
    }

    /// The link of an attempt that was begun and not collected.
    func link(of attempt: AttemptID) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in attempt.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\(open)/\(String(hash, radix: 16))"
    }

    private static func name(of attempt: AttemptID) -> String {
        let visit = attempt.visit
        return "\(visit.execution.pipeline)/\(visit.execution.number)"
            + "/\(visit.stage).\(visit.number)/\(attempt.job.word).\(attempt.number)"
    }

    /// The attempt whose folder this is; nothing if it is no such folder.
    func attempt(at folder: String) -> AttemptID? {
        guard folder.hasPrefix(executions + "/") else { return nil }
        let parts = folder.dropFirst(executions.count + 1).split(separator: "/")
        guard parts.count == 4, let pipeline = PipelineName(String(parts[0])),
            let number = Int(parts[1]), let (stage, visit) = Self.numbered(parts[2]),
            let name = StageName(stage), let (job, count) = Self.numbered(parts[3]),
            let job = Job(word: job)
        else { return nil }
        return AttemptID(Visit(ExecutionID(pipeline, number), name, visit), job, count)
    }

    private static func numbered(_ text: Substring) -> (String, Int)? {
        guard let dot = text.lastIndex(of: "."), let number = Int(text[text.index(after: dot)...])
        else { return nil }
        return (String(text[..<dot]), number)
    }
}
