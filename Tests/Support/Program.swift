import Glibc

/// Another program, run to its end.
package enum Program {
    package struct Result: Sendable {
        package let code: Int32
        package let output: String
        package let errors: String
    }

    /// Runs the program named first, in a folder of its own where one is given.
    package static func run(_ words: [String], input: String = "") throws -> Result {
        let folder = try Folder()
        try folder.write(input, to: "input")
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDIN_FILENO, folder.file("input"), O_RDONLY, 0)
        for (descriptor, name) in [(STDOUT_FILENO, "output"), (STDERR_FILENO, "errors")] {
            unsafe posix_spawn_file_actions_addopen(
                &actions, descriptor, folder.file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var child = pid_t()
        let code = unsafe posix_spawn(&child, words[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw Failed(code: code) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        // A signal shows as a negative code: no test expects one.
        let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
        return Result(
            code: exit, output: try folder.text(of: "output"), errors: try folder.text(of: "errors")
        )
    }

    package struct Failed: Error {
        let code: Int32
    }
}
