import Artifacts
package import Attempts
package import Engine
import Git
import Glibc
import Pipelines
package import Runner
import Sandbox
import SmallFiles
package import Sources
package import Watchers

/// Sources and artifacts of one house on this machine.
package struct HouseTrees: Trees {
    private static let roomForCaches = 20 << 30

    let home: String
    let artifacts: ArtifactStore
    let sources: SourceTrees
    /// A link for each revision to its files: the record knows a revision by its commit.
    let revisions: String
    /// Has the files written out that were fetched and not wanted before; nobody in a house that
    /// fetches nothing.
    let fetched: RevisionTrees?
    let images: ImageInputs
    let caches: CacheShelf

    package init(at home: String, fetched: RevisionTrees? = nil) throws {
        self.home = home
        self.fetched = fetched
        artifacts = try ArtifactStore(at: "\(home)/artifacts", boot: HostFacts.boot)
        sources = try SourceTrees(at: "\(home)/sources", .open)
        revisions = "\(home)/sources/revisions"
        images = ImageInputs(in: "\(home)/sources")
        caches = try CacheShelf(
            at: "\(home)/caches", artifacts: artifacts, room: Self.roomForCaches)
        guard unsafe mkdir(revisions, 0o755) == 0 || errno == EEXIST else {
            throw TreeProblem("cannot make '\(revisions)'")
        }
    }

    /// Writes the files of a version out, so that `folder(of:)` finds them.
    package func keep(_ found: SourceRevision) throws {
        let tree = try sources.tree(for: found)
        let link = "\(revisions)/\(found.commit)"
        do throws(FileProblem) {
            try SmallFile.link(link, to: tree.path)
        } catch {
            throw TreeProblem("cannot make '\(link)': \(error)")
        }
    }

    package func folder(of revision: Revision) throws(TreeProblem) -> String {
        switch revision.version {
        case .image(let image): try images.folder(of: revision, image)
        case .commit(let commit): try folder(of: commit, revision.source)
        }
    }

    private func folder(
        of commit: String, _ source: SourceName
    ) throws(TreeProblem) -> String {
        if let fetched {
            do throws(GitError) {
                return try fetched.folder(of: commit)
            } catch {
                throw TreeProblem("'\(source)': \(error)")
            }
        }
        guard let path = FolderNames.target(of: "\(revisions)/\(commit)") else {
            throw TreeProblem("the files of '\(source)' at \(commit.prefix(12)) are not here")
        }
        return path
    }

    package func folder(of artifact: Artifact) throws(TreeProblem) -> String {
        do throws(ArtifactError) {
            return try artifacts.folder(of: artifact.digest)
        } catch {
            throw TreeProblem("'\(artifact.name)': \(error)")
        }
    }

    /// Where the files of an artifact lie that was deployed.
    package func folder(ofArtifact digest: String) throws(TreeProblem) -> String {
        do throws(ArtifactError) {
            return try artifacts.folder(of: digest)
        } catch {
            throw TreeProblem("what is deployed is gone: \(error)")
        }
    }

    package func collect(
        _ path: String, from workspace: String, over layers: [String]
    ) throws(TreeProblem) -> String {
        do throws(ArtifactError) {
            return try artifacts.collect(path, from: workspace, over: layers)
        } catch {
            throw TreeProblem(error.description)
        }
    }

    package func folder(ofCache key: CacheKey) -> String? { caches.folder(of: key.name) }

    package func lendWritten(
        in workspace: String, over layers: [String], entering enters: (String) -> Bool,
        wanting wants: (String) -> Bool, _ body: (_ path: String, WrittenFile) -> Bool
    ) throws(TreeProblem) {
        do throws(ArtifactError) {
            try WrittenFiles(in: workspace, over: layers)
                .visit(entering: enters, wanting: wants) { path, found in
                    switch found {
                    case .file(let file, let bytes): body(path, .file(file, bytes: bytes))
                    case .refused(let reason): body(path, .refused(reason))
                    }
                }
        } catch {
            throw TreeProblem(error.description)
        }
    }

    package func keep(
        _ path: String, as key: CacheKey, from workspace: String, over layers: [String]
    ) throws(TreeProblem) {
        do throws(ArtifactError) {
            let digest = try artifacts.collect(
                path, from: workspace, over: layers, keepsPath: true)
            try caches.put(digest, as: key.name)
        } catch {
            throw TreeProblem(error.description)
        }
    }

    package func sweep() {
        artifacts.sweep()
        try? sources.sweep()
    }

    /// Removes what lies at a path of the house's folder, with all that is in it.
    func remove(_ path: String) { artifacts.discard("\(home)/\(path)") }

    package func discard(_ attempt: AttemptFolder) {
        let folders = [attempt.workspace, attempt.scratch, attempt.channels]
        for folder in folders where unsafe access(folder, F_OK) == 0 {
            artifacts.discard(folder)
        }
    }
}

extension CacheKey {
    fileprivate var name: [String] { [pipeline, line, path, key] }
}
