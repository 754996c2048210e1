package import Attempts
package import Engine

/// Trees of files as a runner needs them: folders that hold one and are never written, and a place
/// for new ones.
package protocol Trees: Sendable {
    /// A folder with the files of a revision.
    func folder(of revision: Revision) throws(TreeProblem) -> String
    /// A folder with the files of an artifact.
    func folder(of artifact: Artifact) throws(TreeProblem) -> String
    /// Takes a path out of an attempt's workspace, when nobody can write there any more, and tells
    /// the digest of what it holds.
    func collect(
        _ path: String, from workspace: String, over layers: [String]
    ) throws(TreeProblem) -> String
    /// Lends, one after the other, what an attempt itself wrote at paths that are wanted, looking
    /// into the folders that are entered. `body` says whether it wants more.
    func lendWritten(
        in workspace: String, over layers: [String], entering enters: (String) -> Bool,
        wanting wants: (String) -> Bool, _ body: (_ path: String, WrittenFile) -> Bool
    ) throws(TreeProblem)
    /// A folder to lay over the workspace: what a cache holds, at its path; nothing if it is empty.
    func folder(ofCache key: CacheKey) -> String?
    /// Keeps a path of a workspace for those who ask for the cache after this. A cache that was
    /// kept before stays as it is.
    func keep(
        _ path: String, as key: CacheKey, from workspace: String, over layers: [String]
    ) throws(TreeProblem)
    /// Removes a workspace that nobody needs any more.
    func discard(_ workspace: AttemptFolder)
    /// Removes what an earlier house has left half done.
    func sweep()
}

/// What stands at a path that was asked for.
package enum WrittenFile {
    /// Open for reading as long as the call lasts.
    case file(Int32, bytes: Int)
    /// Why it is not read.
    case refused(String)
}

/// What a cache is kept under. Pipelines and lines of development do not see one another's.
package struct CacheKey: Hashable, Sendable {
    package let pipeline: String
    package let line: String
    package let path: String
    package let key: String

    package init(pipeline: String, line: String, path: String, key: String) {
        self.pipeline = pipeline
        self.line = line
        self.path = path
        self.key = key
    }
}

/// Why a tree cannot be had or kept, for people.
package struct TreeProblem: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
