import CLaunch
import Glibc
package import Notices
import Pipelines
import SmallFiles
package import Threads

/// Tells a program, which gets the notice on its standard input.
package struct CommandCarrier: Carrier {
    private let words: [String]
    private let patience: Duration

    /// A program, which is ended with all that it has started when it takes longer than `patience`.
    package init(_ words: [String], patience: Duration = .seconds(30)) {
        self.words = words
        self.patience = patience
    }

    package func carry(_ parcel: Parcel, interrupt: Bell) -> Patience.Reception? {
        guard let program = words.first else { return .rejected("there is no program to run") }
        let input = unsafe slipway_memory_file("notice")
        guard input >= 0 else { return .failed("cannot make its input: \(FileProblem.last)") }
        defer { close(input) }
        do {
            try SmallFile.write(parcel.body + [UInt8(ascii: "\n")], to: input)
        } catch { return .failed("cannot write its input: \(error)") }
        lseek(input, 0, SEEK_SET)
        let process = start(program, input)
        guard process > 0 else { return .failed("cannot run '\(program)': \(FileProblem.last)") }
        return wait(for: process, program, interrupt)
    }

    private func start(_ program: String, _ input: Int32) -> pid_t {
        var pointers = unsafe words.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { arguments in
            unsafe slipway_start_program(program, arguments.baseAddress, input)
        }
    }

    private func wait(
        for process: pid_t, _ program: String, _ interrupt: Bell
    ) -> Patience.Reception? {
        let descriptor = slipway_process_descriptor(process)
        defer { close(descriptor) }
        var waited = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let (seconds, rest) = patience.components
        let time = Int32(clamping: seconds * 1_000 + rest / 1_000_000_000_000_000)
        var count: Int32
        repeat { count = unsafe poll(&waited, 2, time) } while count < 0 && errno == EINTR
        let hasEnded = waited[0].revents != 0
        // All that it has started, too; before it is waited for, while its number is still its own.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard hasEnded else {
            return count == 0 ? .failed("'\(program)' took longer than \(patience.short)") : nil
        }
        if status == 0 { return .taken }
        let signal = status & 0x7F
        return .failed(
            signal == 0
                ? "'\(program)' ended with exit code \(status >> 8 & 0xFF)"
                : "'\(program)' was ended by signal \(signal)")
    }
}
