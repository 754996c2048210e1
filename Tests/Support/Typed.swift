/// A program at a terminal, with somebody who waits for its words and types.
package enum Typed {
    /// Python has a terminal at hand, which is more than POSIX has.
    private static let script = """
        import os, pty, sys, select
        words, dialogue = sys.argv[1:-1], sys.argv[-1].split("\\x1e")
        child, terminal = pty.fork()
        if child == 0:
            os.execv(words[0], words)
        heard = b""
        def hear(until):
            global heard
            while until is None or until not in heard:
                ready, _, _ = select.select([terminal], [], [], 20)
                if not ready:
                    # It waits for something that nobody types.
                    os.kill(child, 9)
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    piece = b""
                if not piece:
                    return
                heard += piece
        for line in filter(None, dialogue):
            awaited, typed = line.split("\\x1f")
            hear(awaited.encode())
            os.write(terminal, typed.encode())
        hear(None)
        os.write(1, heard)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    /// Runs it; each word that is waited for is followed by what is then typed. All that the
    /// terminal showed is its output.
    package static func run(
        _ words: [String], _ dialogue: [(awaited: String, typed: String)]
    ) throws -> Program.Result {
        let lines = dialogue.map { "\($0.awaited)\u{1F}\($0.typed)" }.joined(separator: "\u{1E}")
        return try Program.run(["/usr/bin/env", "python3", "-c", script] + words + [lines])
    }
}
