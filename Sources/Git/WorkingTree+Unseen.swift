import CGit2

// libgit2 passes over folders that it cannot read and over what is neither file nor link, and says
// that tracked files there are gone. Who wants all that lies in a folder has to be told.

extension Repository {
    /// Refuses what would be left out silently. What is ignored may be as it likes, and so may
    /// other repositories inside (`strangers`).
    func refuseUnseen(
        beside files: [RawName], strangers: Set<RawName>, _ operation: String
    ) throws(GitError) {
        var tracked: Set<RawName> = []
        for file in files {
            var folder = RawName([])
            for component in file.components.dropLast() {
                folder = folder.appending(component)
                tracked.insert(folder)
            }
        }
        let look = UnseenLook(tracked: tracked, strangers: strangers, operation: operation)
        try refuseUnseen(in: try OpenFolder.open(folder), RawName([]), 0, look)
    }

    private func refuseUnseen(
        in folder: borrowing OpenFolder, _ place: RawName, _ depth: Int, _ look: UnseenLook
    ) throws(GitError) {
        for name in try folder.names() where name != RawName(".git") {
            let path = place.appending(name)
            switch try folder.status(name).kind {
            case .file, .program, .link: continue
            case .special(let what):
                if try isIgnored(path, look.operation) { continue }
                throw look.refusal(of: path, "is \(what)")
            case .folder:
                if look.strangers.contains(path) { continue }
                let inside = RawName(path.bytes + [UInt8(ascii: "/")])
                let isTracked = look.tracked.contains(path)
                if !isTracked, try isIgnored(inside, look.operation) { continue }
                guard depth < TreeLimits().depth else {
                    throw look.refusal(of: path, "is nested more than \(depth) deep")
                }
                let inner: OpenFolder
                do throws(GitError) {
                    inner = try folder.folder(name)
                } catch {
                    throw look.refusal(of: path, "cannot be read (\(error.problem))")
                }
                try refuseUnseen(in: inner, path, depth + 1, look)
            }
        }
    }

    private func isIgnored(_ path: RawName, _ operation: String) throws(GitError) -> Bool {
        var ignored: Int32 = 0
        try attempt(operation) {
            unsafe git_ignore_path_is_ignored(&ignored, handle.pointer, path.characters)
        }
        return ignored == 1
    }
}

private struct UnseenLook {
    /// Folders with tracked files in them, which no rule can have ignored.
    let tracked: Set<RawName>
    let strangers: Set<RawName>
    let operation: String

    func refusal(of path: RawName, _ what: String) -> GitError {
        GitError(
            .file, operation, problem: "'\(path)' \(what)",
            hint: "mend or remove it, or have '.gitignore' name it")
    }
}
