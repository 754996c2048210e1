import Git

/// Paths below a folder, in the order in which they are visited.
struct Listing {
    /// Each cut at its slashes.
    private(set) var paths: [[RawName]] = []
    /// Repositories inside that are no part of it.
    private(set) var strangers: [RawName] = []

    /// Deeper ones are refused, as in trees of commits.
    static let maximumDepth = TreeLimits().depth

    /// So that what lies in one folder stands together.
    var sorted: [[RawName]] { paths.sorted { $0.lexicographicallyPrecedes($1) } }
}

extension Listing {
    /// The files of a repository as they lie there, and those of its submodules.
    static func of(
        _ repository: borrowing Repository, _ tree: WorkingTree, without exclusions: Exclusions
    ) throws(SourceError) -> Listing {
        var listing = Listing()
        try listing.add(repository, tree, below: [], exclusions)
        return listing
    }

    private mutating func add(
        _ repository: borrowing Repository, _ tree: WorkingTree, below place: [RawName],
        _ exclusions: Exclusions
    ) throws(SourceError) {
        for file in tree.files where !exclusions.contain(file, in: repository.folder) {
            paths.append(place + file.components)
        }
        let prefix = place.reduce(RawName([])) { $0.appending($1) }
        strangers += tree.strangers.filter { !exclusions.contain($0, in: repository.folder) }
            .map { prefix.appending($0) }
        for submodule in tree.submodules {
            let inner = try Submodules.open(submodule, of: repository.folder)
            let innerTree = try reading { () throws(GitError) in try inner.workingTree() }
            try add(inner, innerTree, below: place + submodule.path.components, exclusions)
        }
    }

    /// Everything in a folder, but what belongs to git.
    static func of(
        folderAt path: String, without exclusions: Exclusions
    ) throws(SourceError) -> Listing {
        var listing = Listing()
        let folder = try reading { () throws(GitError) in try OpenFolder.open(path) }
        try listing.add(folder, below: [], exclusions)
        return listing
    }

    private mutating func add(
        _ folder: borrowing OpenFolder, below place: [RawName], _ exclusions: Exclusions
    ) throws(SourceError) {
        guard place.count < Self.maximumDepth else {
            throw SourceError(
                "read folder '\(folder.path)'",
                problem: "it is nested more than \(Self.maximumDepth) deep",
                hint: "use a folder that is not, or have a part of it left out")
        }
        let names = try reading { () throws(GitError) in try folder.names() }
        // A folder with nothing in it is kept too: the topmost is there in any case.
        if names.isEmpty, !place.isEmpty { paths.append(place) }
        for name in names where name != RawName(".git") {
            if exclusions.contain(name, in: folder.path) { continue }
            let status = try reading { () throws(GitError) in try folder.status(name) }
            guard status.kind == .folder else {
                paths.append(place + [name])
                continue
            }
            let inner = try reading { () throws(GitError) in try folder.folder(name) }
            try add(inner, below: place + [name], exclusions)
        }
    }
}

/// Paths of the host that are no part of a source, such as the folder Slipway itself writes to.
struct Exclusions {
    private let paths: Set<RawName>

    init(_ paths: [String]) { self.paths = Set(paths.map { RawName($0) }) }

    func contain(_ name: RawName, in folder: String) -> Bool {
        contain(name, in: RawName(folder))
    }

    /// Whether the path, or a folder on the way to it, is one of them.
    func contain(_ name: RawName, in folder: RawName) -> Bool {
        guard !paths.isEmpty else { return false }
        var path = folder
        for component in name.components {
            path = path.appending(component)
            if paths.contains(path) { return true }
        }
        return false
    }
}
