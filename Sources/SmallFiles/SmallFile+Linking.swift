import Glibc

extension SmallFile {
    /// Has a link lead there, whatever it led to before, and whoever else does the same just now.
    package static func link(_ path: String, to target: String) throws(FileProblem) {
        let part = aside(path)
        guard unsafe symlink(target, part) == 0 else { throw .last }
        guard unsafe Glibc.rename(part, path) == 0 else {
            let problem = FileProblem.last
            _ = unsafe unlink(part)
            throw problem
        }
    }

    /// A name beside a path that nobody else takes, in this process or another.
    package static func aside(_ path: String) -> String {
        "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
    }
}
