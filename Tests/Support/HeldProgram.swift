import CLaunch
import Glibc

/// Another program that runs beside a test, and ends with it. It has nothing of what other tests
/// have open at this moment.
package final class HeldProgram: Sendable {
    package let process: Int32

    /// What it prints goes to a file.
    package init(_ words: [String], output: String) throws {
        let shell = "/bin/sh"
        // The shell only opens the file, and becomes the program.
        let words = [shell, "-c", "exec \"$@\" >>\"$0\" 2>&1", output] + words
        let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(input) }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        process = unsafe slipway_start_program(shell, &arguments, input)
        guard process > 0 else { throw Program.Failed(code: errno) }
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
