import Glibc

/// The files that an image is made of. Strangers have written them, and nobody can any more; a link
/// among them could lead anywhere on this machine, so none is followed.
struct InputTree {
    private let root: String

    init(_ root: String) { self.root = root }

    /// Where a path in it is on this machine; all of it where none is named.
    func place(of path: String?) throws(Unshippable) -> String {
        var place = root
        for name in (path ?? "").split(separator: "/") where name != "." {
            place += "/\(name)"
            var status = stat()
            guard name != "..", unsafe lstat(place, &status) == 0 else {
                throw Unshippable(
                    "there is no '\(path ?? "")' in what it is made of",
                    hint: "look at what the source or the artifact has")
            }
            guard status.st_mode & S_IFMT != S_IFLNK else {
                throw Unshippable(
                    "'\(path ?? "")' leads over a link, and none is followed",
                    hint: "name what the link leads to")
            }
        }
        return place
    }

    /// One that is a plain file, and no folder, pipe or device.
    func file(at path: String) throws(Unshippable) -> String {
        let place = try place(of: path)
        var status = stat()
        guard unsafe lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Unshippable(
                "'\(path)' is no plain file", hint: "look at what the build does to its workspace")
        }
        return place
    }

    func has(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat("\(root)/\(path)", &status) == 0
    }
}
