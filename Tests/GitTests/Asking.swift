import Git
import Support
import Testing

extension TestRepository {
    /// Opens it, asks, and closes it again.
    func ask<Answer>(_ question: (borrowing Repository) throws -> Answer) throws -> Answer {
        let repository = try Repository.open(at: path)
        return try question(repository)
    }

    func object(_ name: String) throws -> ObjectID { try #require(ObjectID(try id(name))) }

    /// Writes a tree out into a folder of its own.
    func checkOut(
        _ tree: String, limits: TreeLimits = TreeLimits(), modes: TreeModes = .open
    ) throws -> (folder: Folder, result: CheckedOut) {
        let target = try Folder()
        let tree = try object(tree)
        let result = try ask { repository in
            let folder = try OpenFolder.open(target.path)
            return try repository.checkOut(tree: tree, into: folder, modes: modes, limits: limits)
        }
        return (target, result)
    }
}

/// The error that `body` ends with.
func failure(_ body: () throws -> Void) throws -> GitError {
    try #require(throws: GitError.self, performing: body)
}
