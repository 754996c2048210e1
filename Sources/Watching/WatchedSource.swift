package import Engine
package import Pipelines

/// A source of a pipeline, as whoever watches it knows it.
package struct WatchedSource: Hashable, Sendable {
    package let pipeline: PipelineName
    package let source: Source

    package init(_ pipeline: PipelineName, _ source: Source) {
        self.pipeline = pipeline
        self.source = source
    }

    /// Of the sources of one remote those that may be looked at together: all that name the
    /// credential of the first that names any. The others would see by it what nobody has given
    /// them a key to.
    package static func sharingCredential(
        _ sources: [WatchedSource]
    ) -> (together: [WatchedSource], apart: [WatchedSource]) {
        let credential = sources.compactMap(\.source.git?.credential).first
        let isOne: (WatchedSource) -> Bool = { $0.source.git?.credential == credential }
        return (sources.filter(isOne), sources.filter { !isOne($0) })
    }

    /// The sources of all pipelines there are.
    package static func all(in state: EngineState) -> [WatchedSource] {
        state.pipelines.values.sorted { $0.name < $1.name }.flatMap { pipeline in
            (pipeline.current?.definition.sources ?? []).map { WatchedSource(pipeline.name, $0) }
        }
    }
}

extension GitOrigin {
    static let branchPrefix = "refs/heads/"
    static let tagPrefix = "refs/tags/"

    /// Whether pushes to a ref count. Who names tags and no branches wants no branches.
    package func wants(_ ref: String) -> Bool {
        if ref.hasPrefix(Self.branchPrefix) {
            let name = String(ref.dropFirst(Self.branchPrefix.count))
            return (!branches.isEmpty || tags.isEmpty) && branches.admit(name)
        }
        guard ref.hasPrefix(Self.tagPrefix), !tags.isEmpty else { return false }
        return tags.admit(String(ref.dropFirst(Self.tagPrefix.count)))
    }

    /// The ref of the one branch that it is about, if it names one and no pattern.
    package var onlyBranch: String? {
        guard branches.count == 1, let only = branches.first, only.isPlain, !only.excludes else {
            return nil
        }
        return Self.branchPrefix + only.text
    }
}

/// What the record knows of a source: how often it was looked at, and where its refs were.
package struct Cursor: Hashable, Sendable {
    package let reading: Int
    package let commits: [String: String]
    /// What was seen last, though its ref may be gone.
    package let latest: Revision?

    package init(reading: Int = 0, commits: [String: String] = [:], latest: Revision? = nil) {
        self.reading = reading
        self.commits = commits
        self.latest = latest
    }

    package init(_ state: SourceState?) {
        self.init(
            reading: state?.reading ?? 0, commits: state?.commits ?? [:], latest: state?.latest)
    }
}

/// What a hook said: somebody moved a ref to a commit. Nobody believes it, but it tells where to
/// look, and who it was.
package struct Push: Hashable, Sendable {
    package let ref: String
    package let commit: String
    package let pusher: String?

    package init(ref: String, commit: String, pusher: String?) {
        self.ref = ref
        self.commit = commit
        self.pusher = pusher
    }
}

/// The refs of a remote at one moment.
package struct RemoteView: Hashable, Sendable {
    /// Commits by the names of branches and tags.
    package let commits: [String: String]
    /// The branch that HEAD names, such as `refs/heads/main`.
    package let head: String?

    package init(commits: [String: String], head: String? = nil) {
        self.commits = commits
        self.head = head
    }
}
