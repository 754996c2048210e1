package import Pipelines

/// What is known of one repository with definitions: how far it was read, which of its files
/// brought which pipeline, and what is wrong with the newest.
package struct DefinitionShelf: Hashable, Sendable, Codable {
    /// As a source of a pipeline has it; but nothing of this is on the engine's record.
    package var reading = 0
    package var commits: [String: String] = [:]
    /// By the paths of the files.
    package private(set) var entries: [String: Entry] = [:]
    package private(set) var notes: [Note] = []
    /// Pipelines that are brought no longer, with the path that did: only people remove them.
    private var orphans: [PipelineName: String] = [:]

    package struct Entry: Hashable, Sendable, Codable {
        package let pipeline: PipelineName
        /// Of the text that was given to the house: what did not change is not given again, so what
        /// people do to a pipeline in between stands.
        package let digest: String
    }

    /// Why a file is not at work as the newest commit has it.
    package struct Note: Hashable, Sendable, Codable {
        package let path: String
        package let commit: String
        /// The pipeline that it brought before, which is still at work.
        package let pipeline: PipelineName?
        package let problem: String
    }

    /// A file of a commit, as it was read.
    package struct File: Sendable {
        package let path: String
        package let digest: String
        package let content: Content

        package enum Content: Sendable {
            case definition(Definition)
            /// What is wrong with it, for people.
            case mistake(String)
        }

        package init(path: String, digest: String, content: Content) {
            self.path = path
            self.digest = digest
            self.content = content
        }
    }

    package struct Change: Sendable {
        package let path: String
        package let definition: Definition
    }

    package init() {}

    /// Takes the files of a commit, and returns what the house is to be given. `others` are the
    /// pipelines that other repositories bring, and `own` those that files of the machine define.
    package mutating func take(
        _ files: [File], of commit: String, others: Set<PipelineName>, own: Set<PipelineName> = []
    ) -> [Change] {
        var changes: [Change] = []
        var next: [String: Entry] = [:]
        var owners: [PipelineName: String] = [:]
        notes = []
        for file in files.sorted(by: { $0.path < $1.path }) {
            let before = entries[file.path]
            switch file.content {
            case .mistake(let problem):
                next[file.path] = before
                note(file.path, commit, before?.pipeline, problem)
            case .definition(let definition):
                let name = definition.name
                if let problem = claim(name, file.path, &owners, others, own) {
                    note(file.path, commit, nil, problem)
                    continue
                }
                let entry = Entry(pipeline: name, digest: file.digest)
                next[file.path] = entry
                guard entry != before else { continue }
                changes.append(Change(path: file.path, definition: definition))
            }
        }
        let brought = Set(next.values.map(\.pipeline)).union(others)
        for (path, entry) in entries { orphans[entry.pipeline] = path }
        orphans = orphans.filter { !brought.contains($0.key) }
        for (pipeline, path) in orphans.sorted(by: { $0.key < $1.key }) {
            note(
                path, commit, pipeline,
                "\(path): warning: it no longer brings pipeline '\(pipeline)', which is still at "
                    + "work\n  hint: to remove it: slipway pipelines remove \(pipeline)\n")
        }
        entries = next
        return changes
    }

    /// The house has refused what a file brings.
    package mutating func refuse(_ path: String, of commit: String, _ problem: String) {
        let pipeline = entries.removeValue(forKey: path)?.pipeline
        note(path, commit, pipeline, problem)
    }

    private func claim(
        _ name: PipelineName, _ path: String, _ owners: inout [PipelineName: String],
        _ others: Set<PipelineName>, _ own: Set<PipelineName>
    ) -> String? {
        if let owner = owners[name] {
            return "\(path): error: pipeline '\(name)' is defined by '\(owner)' too\n"
                + "  hint: give one of them another name\n"
        }
        if own.contains(name) {
            return
                "\(path): error: pipeline '\(name)' is defined by a file of the server's machine\n"
                + "  hint: give it another name, or have whoever hosts the server take that away\n"
        }
        if others.contains(name) {
            return "\(path): error: pipeline '\(name)' is brought by another repository\n"
                + "  hint: give it another name, or take it away there\n"
        }
        owners[name] = path
        return nil
    }

    private mutating func note(
        _ path: String, _ commit: String, _ pipeline: PipelineName?, _ problem: String
    ) {
        notes.append(Note(path: path, commit: commit, pipeline: pipeline, problem: problem))
    }
}
