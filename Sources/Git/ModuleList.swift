import CGit2

/// What `.gitmodules` says: where the repositories come from that belong into a tree's places.
package struct ModuleList: Hashable, Sendable {
    static let maximumBytes = 1 << 20

    private let addresses: [String: String]

    /// Git's way of writing settings, as far as it is used here. What cannot be read is left out.
    package init(parsing text: String) {
        var addresses: [String: String] = [:]
        var path: String?
        var address: String?
        func end() {
            if let path, let address { addresses[path] = address }
            path = nil
            address = nil
        }
        for row in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(row)
            if line.hasPrefix("[") {
                end()
            } else if let equals = line.firstIndex(of: "=") {
                let value = Self.unquoted(Self.trimmed(line[line.index(after: equals)...]))
                switch Self.trimmed(line[..<equals]).lowercased() {
                case "path": path = value
                case "url": address = value
                default: break
                }
            }
        }
        end()
        self.addresses = addresses
    }

    package func address(of path: RawName) -> String? { path.text.flatMap { addresses[$0] } }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else {
            return String(text)
        }
        var plain = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                plain.append(character)
                isEscaped = false
            }
        }
        return plain
    }
}

extension Repository {
    /// The list in the root of a tree; an empty one if there is none.
    package func modules(of tree: ObjectID) throws(GitError) -> ModuleList {
        let operation = "read '.gitmodules' of tree \(tree) in '\(folder)'"
        var id = tree.oid
        let handle = try unsafe Handle.obtain(operation, free: git_tree_free) {
            unsafe git_tree_lookup(&$0, self.handle.pointer, &id)
        }
        guard let entry = unsafe git_tree_entry_byname(handle.pointer, ".gitmodules"),
            unsafe git_tree_entry_type(entry) == GIT_OBJECT_BLOB,
            var blob = unsafe git_tree_entry_id(entry)?.pointee
        else { return ModuleList(parsing: "") }
        let file = try unsafe Handle.obtain(operation, free: git_blob_free) {
            unsafe git_blob_lookup(&$0, self.handle.pointer, &blob)
        }
        let size = unsafe Int(git_blob_rawsize(file.pointer))
        guard size <= ModuleList.maximumBytes else {
            throw GitError(
                .overLimit, operation, problem: "it has \(size) bytes",
                hint: "keep it below \(ModuleList.maximumBytes)")
        }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: git_blob_rawcontent(file.pointer), count: size)
        return ModuleList(parsing: unsafe String(decoding: bytes, as: UTF8.self))
    }
}

extension RemoteAddress {
    /// The address of a submodule as a repository at this address writes it: whole, or beginning
    /// with './' or '../', which is reckoned from here.
    ///
    /// Whoever can commit writes it, so a folder of the server's machine is only reached beside a
    /// repository that lies there itself.
    package func submodule(_ text: String) throws(GitError) -> RemoteAddress {
        guard text.hasPrefix("./") || text.hasPrefix("../") else {
            let address = try RemoteAddress(parsing: text)
            guard address.way != .folder else { throw Self.refusal(text) }
            return address
        }
        var parts = path.split(separator: "/").map { String($0) }
        var ups = 0
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                ups += 1
                guard parts.popLast() != nil else { throw Self.refusal(text) }
            } else {
                parts.append(String(part))
            }
        }
        if way == .folder {
            guard ups <= 1 else { throw Self.refusal(text) }
            return try RemoteAddress(parsing: "/" + parts.joined(separator: "/"))
        }
        let head = description.dropLast(path.count)
        let root = path.hasPrefix("/") ? "/" : ""
        return try RemoteAddress(parsing: head + root + parts.joined(separator: "/"))
    }

    /// Whether what is shown to one may be shown to the other.
    package func isSamePlace(as other: RemoteAddress) -> Bool {
        way == other.way && host == other.host && port == other.port && way != .folder
    }

    private static func refusal(_ text: String) -> GitError {
        GitError(
            .address, "use the submodule at '\(RawName(text))'",
            problem: "it names a folder of the server's machine, or one outside of the host",
            hint: "write its address with https:// or ssh://, or as '../NAME' beside its parent")
    }
}
