package import Glibc

/// Another program that runs beside a test, and ends with it.
package final class HeldProgram: Sendable {
    package let process: pid_t

    /// What it prints goes to a file.
    package init(_ words: [String], output: String) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // What other tests have open at this moment is not its own: HAProxy would run out of numbers.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var child = pid_t()
        let code = unsafe posix_spawn(&child, words[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw Program.Failed(code: code) }
        process = child
    }

    deinit {
        // One that is reaped already has no process, and its number may be another's.
        if kill(process, 0) == 0, waitpid(process, nil, WNOHANG) == 0 { end(by: SIGTERM) }
    }

    /// To be called once; waits for its end.
    package func end(by signal: Int32) {
        kill(process, signal)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
    }
}
