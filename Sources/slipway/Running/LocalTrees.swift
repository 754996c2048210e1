import Artifacts
import Attempts
import Engine
import Glibc
import Runner
import Sources

/// Sources and artifacts of one house on this machine.
struct LocalTrees: Trees {
    private let artifacts: ArtifactStore
    private let sources: SourceTrees
    /// A link for each revision to its files: the record knows a revision by its commit.
    private let revisions: String

    init(at home: String) throws {
        artifacts = try ArtifactStore(at: "\(home)/artifacts")
        sources = try SourceTrees(at: "\(home)/sources", .open)
        revisions = "\(home)/sources/revisions"
        if unsafe mkdir(revisions, 0o755) != 0, errno != EEXIST {
            throw TreeProblem("cannot make '\(revisions)'")
        }
    }

    /// Writes the files of a version out, so that `folder(of:)` finds them.
    func keep(_ found: SourceRevision) throws {
        let tree = try sources.tree(for: found)
        let link = "\(revisions)/\(found.commit)"
        let part = "\(link).\(getpid())"
        _ = unsafe unlink(part)
        guard unsafe symlink(tree.path, part) == 0, unsafe rename(part, link) == 0 else {
            throw TreeProblem("cannot make '\(link)'")
        }
    }

    func folder(of revision: Revision) throws(TreeProblem) -> String {
        guard let path = unsafe realpath("\(revisions)/\(revision.commit)", nil) else {
            throw TreeProblem(
                "the files of '\(revision.source)' at \(revision.commit.prefix(12)) are not here")
        }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    func folder(of artifact: Artifact) throws(TreeProblem) -> String {
        do throws(ArtifactError) {
            return try artifacts.folder(of: artifact.digest)
        } catch {
            throw TreeProblem("'\(artifact.name)': \(error)")
        }
    }

    func collect(
        _ path: String, from workspace: String, over layers: [String]
    ) throws(TreeProblem) -> String {
        do throws(ArtifactError) {
            return try artifacts.collect(path, from: workspace, over: layers)
        } catch {
            throw TreeProblem(error.description)
        }
    }

    func discard(_ attempt: AttemptFolder) {
        for folder in [attempt.workspace, attempt.scratch] where unsafe access(folder, F_OK) == 0 {
            artifacts.discard(folder)
        }
    }
}
