import Conductor
import Dispatch
import Engine
import FoundationEssentials
import Git
import JSON
import Pipelines
import Server
import SmallFiles
import Store
import Synchronization
import Watchers
import Watching
import YAML

/// Gives the house the pipelines of repositories that hold definitions.
///
/// To the watcher each is a source like any other, of a pipeline whose name no pipeline can have;
/// what is seen of it ends here. How far each was read is kept in a file, beside the record: it
/// says nothing of what has happened, and whoever loses it reads all of them again, which changes
/// nothing.
final class DefinitionWatch: DefinitionNews {
    let sources: [WatchedSource]
    private let repositories: [SourceName: DefinitionRepository]
    private let path: String
    private let folders: [String]
    private let desk: FrontDesk
    private let trees: RevisionTrees
    private let reach: DefinitionReach
    private let journal: Journal
    /// By what the settings say of a repository: with another filter it is read anew.
    private let shelves: Mutex<[String: DefinitionShelf]>
    /// One after the other: two that bring the same pipeline must see each other.
    private let turn = Mutex(())

    init(
        _ order: ServerOrder, _ desk: FrontDesk, _ trees: RevisionTrees, _ reach: DefinitionReach
    ) {
        let known = order.settings.definitionSources
        sources = known.map(\.watched)
        repositories = Dictionary(
            known.map { ($0.watched.source.name, $0.repository) }
        ) { first, _ in first }
        path = "\(order.home)/definitions.json"
        self.desk = desk
        self.trees = trees
        self.reach = reach
        journal = order.journal
        let bytes = (try? SmallFile.bytes(of: path)) ?? []
        let read = try? JSONDecoder().decode([String: DefinitionShelf].self, from: Data(bytes))
        let folders = order.settings.folders
        self.folders = folders
        let wanted = Set(repositories.values.map { Self.key(of: $0, folders) })
        shelves = Mutex((read ?? [:]).filter { wanted.contains($0.key) })
    }

    func cursor(of source: WatchedSource) -> Cursor {
        guard let shelf = shelf(of: source.source.name) else { return Cursor() }
        return Cursor(reading: shelf.reading, commits: shelf.commits)
    }

    /// False if it has to be looked at again.
    func take(_ sightings: [Sighting]) -> Bool {
        let bySource = Dictionary(grouping: sightings, by: \.source)
        return turn.withLock { _ in
            bySource.keys.sorted().allSatisfy { take(bySource[$0] ?? [], of: $0) }
        }
    }

    var notes: [DefinitionNote] {
        let pipelines = desk.view.state.pipelines
        let shelves = shelves.withLock(\.self)
        return repositories.values.sorted { $0.key < $1.key }.flatMap { repository in
            (shelves[key(of: repository)]?.notes ?? []).filter { note in
                // Of one that was removed nothing is left to say but what its file says.
                note.pipeline.map { pipelines[$0]?.current != nil } ?? true
            }.map {
                DefinitionNote(
                    repository: repository.git, path: $0.path, commit: $0.commit,
                    pipeline: $0.pipeline, problem: $0.problem)
            }
        }
    }

    /// What is open to definitions belongs to it: with something else open they are read anew.
    private static func key(of repository: DefinitionRepository, _ folders: [String]) -> String {
        ([repository.key] + folders).joined(separator: " ")
    }

    private func key(of repository: DefinitionRepository) -> String {
        Self.key(of: repository, folders)
    }

    // MARK: - What was seen

    private func shelf(of name: SourceName) -> DefinitionShelf? {
        repositories[name].flatMap { repository in shelves.withLock { $0[key(of: repository)] } }
    }

    private func take(_ sightings: [Sighting], of name: SourceName) -> Bool {
        guard let repository = repositories[name] else { return true }
        var shelf = shelf(of: name) ?? DefinitionShelf()
        let known = Set(shelf.notes)
        for sighting in sightings {
            shelf.reading = sighting.reading
            shelf.commits[sighting.ref] = sighting.revision?.commit
            if sighting.revision == nil {
                journal.warn(
                    "\(sighting.ref) of a repository with definitions: "
                        + "\(sighting.note ?? "it is gone"); what it brought is still at work",
                    ["repository": .string(repository.git)])
            }
        }
        // Commits that change none of the files that count have a note.
        let isNews = sightings.contains { $0.revision != nil && $0.note == nil }
        if isNews, let commit = sightings.compactMap(\.revision).last?.commit {
            do throws(GitError) {
                guard try read(commit, of: repository, &shelf) else { return false }
            } catch {
                journal.warn(
                    "cannot \(error.operation): \(error.problem)",
                    ["repository": .string(repository.git), "hint": .string(error.hint)])
                return false
            }
        }
        guard keep(shelf, of: repository) else { return false }
        for note in shelf.notes where !known.contains(note) {
            journal.warn(
                "a definition is not at work as it is written",
                [
                    "repository": .string(repository.git), "commit": .string(note.commit),
                    "report": .string(note.problem),
                ])
        }
        return true
    }

    /// Reads a commit, and gives the house what has changed; false if the house cannot take it now.
    private func read(
        _ commit: String, of repository: DefinitionRepository, _ shelf: inout DefinitionShelf
    ) throws(GitError) -> Bool {
        let folder = try trees.folder(of: commit)
        let files = try DefinitionTree.files(in: folder, matching: repository.files) {
            self.reach.mistakes(in: $0, of: repository)
        }
        let others = shelves.withLock { shelves in
            shelves.filter { $0.key != key(of: repository) }
                .flatMap { $0.value.entries.values.map(\.pipeline) }
        }
        let changes = shelf.take(
            files, of: commit, others: Set(others), own: reach.pipelines)
        guard !changes.isEmpty else { return true }
        let messages = changes.map { Message(.define($0.definition), by: .trigger("git")) }
        switch desk.decide(messages) {
        case .failure(let error):
            journal.warn("\(error)")
            return false
        case .success(let replies):
            for (change, reply) in zip(changes, replies) {
                guard case .refused(let refusal) = reply else {
                    journal.note(
                        "pipeline '\(change.definition.name)' is as '\(change.path)' has it",
                        ["repository": .string(repository.git), "commit": .string(commit)])
                    continue
                }
                let problem =
                    "\(change.path): error: \(refusal.problem)\n  hint: \(refusal.hint)\n"
                shelf.refuse(change.path, of: commit, problem)
            }
            return true
        }
    }

    private func keep(_ shelf: DefinitionShelf, of repository: DefinitionRepository) -> Bool {
        let all = shelves.withLock { shelves in
            shelves[key(of: repository)] = shelf
            return shelves
        }
        do {
            let coder = JSONEncoder()
            coder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try SmallFile.replace(path, with: Array(try coder.encode(all)))
            return true
        } catch {
            // The next server reads it again; this one need not.
            journal.warn("cannot write '\(path)': \(error)")
            return true
        }
    }
}

extension FrontDesk {
    /// Leaves messages and waits for what comes of them: not for threads that answer requests.
    func decide(_ messages: [Message]) -> Result<[Reply], StoreError> {
        let answered = DispatchSemaphore(value: 0)
        let answer = Mutex<Result<[Reply], StoreError>>(.success([]))
        submit(messages) { result in
            answer.withLock { $0 = result }
            answered.signal()
        }
        answered.wait()
        return answer.withLock(\.self)
    }
}

extension Settings {
    /// The repositories with definitions, as whoever watches sources knows them.
    var definitionSources: [(watched: WatchedSource, repository: DefinitionRepository)] {
        repositories.enumerated().compactMap { number, repository in
            guard let name = SourceName("repository-\(number + 1)"),
                let branch = try? Glob(parsing: repository.branch)
            else { return nil }
            let origin = GitOrigin(
                repository.git, branches: [branch], paths: repository.files,
                credential: repository.credential)
            let source = Source(
                name: Located(name, at: Place(line: 1, column: 1)), .git(origin))
            return (WatchedSource(.definitions, source), repository)
        }
    }
}

extension DefinitionRepository {
    var key: String {
        ([git, branch] + files.map(\.text) + secrets.map { "+\($0.text)" }).joined(separator: " ")
    }
}
