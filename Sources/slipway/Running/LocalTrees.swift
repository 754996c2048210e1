import Artifacts
import Attempts
import Cryptography
import Engine
import Glibc
import Runner
import Sandbox
import Sources

/// Sources and artifacts of one house on this machine.
struct LocalTrees: Trees {
    let home: String
    let artifacts: ArtifactStore
    let sources: SourceTrees
    /// A link for each revision to its files: the record knows a revision by its commit.
    let revisions: String
    /// A file for each cache, with the digest of what it holds.
    let caches: String

    init(at home: String) throws {
        self.home = home
        artifacts = try ArtifactStore(at: "\(home)/artifacts", boot: HostFacts.boot)
        sources = try SourceTrees(at: "\(home)/sources", .open)
        revisions = "\(home)/sources/revisions"
        caches = "\(home)/caches"
        for folder in [revisions, caches] where unsafe mkdir(folder, 0o755) != 0 {
            guard errno == EEXIST else { throw TreeProblem("cannot make '\(folder)'") }
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

    func folder(ofCache key: CacheKey) -> String? {
        guard let digest = try? Input.read(file(of: key)) else { return nil }
        return try? artifacts.folder(of: String(decoding: digest, as: UTF8.self))
    }

    func keep(
        _ path: String, as key: CacheKey, from workspace: String, over layers: [String]
    ) throws(TreeProblem) {
        do throws(ArtifactError) {
            let digest = try artifacts.collect(
                path, from: workspace, over: layers, keepsPath: true)
            let file = file(of: key)
            let part = "\(file).\(digest.prefix(12))"
            let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            let written = unsafe write(descriptor, digest, digest.utf8.count)
            close(descriptor)
            guard written == digest.utf8.count, unsafe rename(part, file) == 0 else {
                throw ArtifactError("cannot write '\(file)'")
            }
        } catch {
            throw TreeProblem(error.description)
        }
    }

    /// Artifacts that caches hold.
    var keptDigests: [String] {
        FolderNames.list(caches).compactMap { name in
            (try? Input.read("\(caches)/\(name)")).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func file(of key: CacheKey) -> String {
        "\(caches)/" + SHA256.hex(of: Array("\(key.pipeline)\0\(key.path)\0\(key.key)".utf8))
    }

    func sweep() { artifacts.sweep() }

    func discard(_ attempt: AttemptFolder) {
        for folder in [attempt.workspace, attempt.scratch] where unsafe access(folder, F_OK) == 0 {
            artifacts.discard(folder)
        }
    }
}
