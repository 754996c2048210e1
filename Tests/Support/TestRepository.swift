/// A repository made by `git` itself, with an environment that holds nothing of the machine's.
package struct TestRepository {
    package let folder: Folder
    package let path: String

    package init(named name: String = "repository", bare: Bool = false) throws {
        folder = try Folder()
        path = folder.file(name)
        let kind = bare ? ["--bare"] : []
        try Self.git(["init", "-q", "-b", "main"] + kind + [path], in: folder.path)
    }

    /// One with the commits that most tests look at: a file, then a program and a folder.
    package static func sample() throws -> TestRepository {
        let repository = try TestRepository()
        try repository.write("hello\n", to: "README")
        try repository.commit("Say hello")
        try repository.shell("mkdir -p src/deep && printf '#!/bin/sh\\n' > src/run")
        try repository.shell("chmod +x src/run && echo deep > src/deep/file && ln -s run src/link")
        try repository.commit("Add a program\n\nWith a body.")
        return repository
    }

    package func write(_ text: String, to name: String) throws {
        try folder.write(text, to: "\(path.split(separator: "/").last ?? "")/\(name)")
    }

    package func commit(_ message: String) throws {
        try git("add", "--all")
        try git("commit", "-q", "--allow-empty", "-m", message)
    }

    @discardableResult
    package func git(_ words: String..., input: String = "") throws -> String {
        try Self.git(words, in: path, input: input)
    }

    /// A script, with the repository as its folder and `git` at hand.
    @discardableResult
    package func shell(_ script: String) throws -> String {
        try Self.run(["/bin/sh", "-euc", script], in: path)
    }

    package func id(_ name: String) throws -> String { try git("rev-parse", name) }

    @discardableResult
    package static func git(_ words: [String], in folder: String, input: String = "") throws
        -> String
    {
        try run(["git"] + words, in: folder, input: input)
    }

    private static func run(
        _ words: [String], in folder: String, input: String = ""
    ) throws -> String {
        let who = ["AUTHOR", "COMMITTER"].flatMap { role in
            [
                "GIT_\(role)_NAME=Ada Example", "GIT_\(role)_EMAIL=ada@example.org",
                "GIT_\(role)_DATE=1700000000 +0130",
            ]
        }
        let environment =
            [
                "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1",
                "GIT_CONFIG_GLOBAL=/dev/null", "LC_ALL=C.UTF-8",
                "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=protocol.file.allow",
                "GIT_CONFIG_VALUE_0=always",
            ] + who
        let result = try Program.run(
            ["/usr/bin/env", "-i", "-C", folder] + environment + words, input: input)
        guard result.code == 0 else { throw Failed(words: words, errors: result.errors) }
        return result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
    }

    struct Failed: Error {
        let words: [String]
        let errors: String
    }
}
