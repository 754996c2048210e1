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
    /// Removes a workspace that nobody needs any more.
    func discard(_ workspace: AttemptFolder)
}

/// Why a tree cannot be had or kept, for people.
package struct TreeProblem: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
