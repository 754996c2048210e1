package import Attempts
import Glibc
import SmallFiles

/// How a supervisor and what runs in its container speak with each other: named pipes in a folder
/// that the container sees and cannot write. What is printed never passes through the Engine, so it
/// comes in order, as fast as a pipe is, and unmasked only to the supervisor.
package struct Channels: ~Copyable {
    /// The same as the commands see it.
    package enum Inside {
        package static let folder = "/run/slipway"
        package static let gate = "/run/slipway/gate"
        package static let output = "/run/slipway/output"
        package static let steps = "/run/slipway/steps"
        package static let exports = "/run/slipway/exports"
    }

    package let output: Int32
    package let steps: Int32
    private let gate: Int32
    private let folder: AttemptFolder
    private var unsent: [UInt8]

    /// Makes the folder, its pipes and scripts; they are the user's that runs the commands.
    package static func make(
        _ spec: AttemptSpec, _ script: [UInt8], in folder: AttemptFolder, user: Int, group: Int
    ) throws(ChannelError) -> Channels {
        let path = folder.channels
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST, unsafe chmod(path, 0o755) == 0
        else { throw .system("make '\(path)'") }
        for (index, step) in spec.steps.enumerated() {
            try put(Array(step.script.utf8), "\(path)/script-\(index)", mode: 0o444)
        }
        try put([], "\(path)/exports", mode: 0o600)
        for name in ["gate", "output", "steps"] {
            let pipe = "\(path)/\(name)"
            guard unsafe mkfifo(pipe, 0o600) == 0 else { throw .system("make '\(pipe)'") }
        }
        for name in ["gate", "output", "steps", "exports"] {
            let file = "\(path)/\(name)"
            guard unsafe lchown(file, uid_t(user), gid_t(group)) == 0 || getuid() != 0 else {
                throw .system("give '\(file)' to the commands")
            }
        }
        let output = try open("\(path)/output", O_RDONLY)
        do throws(ChannelError) {
            let steps = try open("\(path)/steps", O_RDONLY)
            do throws(ChannelError) {
                // For reading too: so it opens before anybody reads, and what is in it stays.
                let gate = try open("\(path)/gate", O_RDWR)
                return Channels(
                    output: output, steps: steps, gate: gate, folder: folder, unsent: script)
            } catch {
                close(steps)
                throw error
            }
        } catch {
            close(output)
            throw error
        }
    }

    private init(
        output: Int32, steps: Int32, gate: Int32, folder: AttemptFolder, unsent: [UInt8]
    ) {
        self.output = output
        self.steps = steps
        self.gate = gate
        self.folder = folder
        self.unsent = unsent
        _ = fcntl(output, Self.setPipeSize, 1 << 20)
    }

    /// `F_SETPIPE_SZ`, which Swift does not import.
    private static let setPipeSize: Int32 = 1_031

    /// The folder goes too: what is in it only the living need.
    deinit {
        for open in [output, steps, gate] { close(open) }
        let path = folder.channels
        SmallFile.names(in: path).forEach { _ = unsafe unlink("\(path)/\($0)") }
        _ = unsafe rmdir(path)
    }

    /// To be waited for as long as something is to be sent.
    package var waitsToSend: Int32 { unsent.isEmpty ? -1 : gate }

    /// Sends of the script what the pipe takes now.
    package mutating func send() {
        while !unsent.isEmpty {
            let count = unsafe unsent.withUnsafeBytes { bytes in
                unsafe write(gate, bytes.baseAddress, bytes.count)
            }
            guard count > 0 else { return }
            unsent.removeFirst(count)
        }
    }

    /// Lets the driver of steps end.
    package func giveLeave() { _ = unsafe write(gate, "\n", 1) }

    private static func open(_ path: String, _ flags: Int32) throws(ChannelError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open '\(path)'") }
        return descriptor
    }

    private static func put(
        _ bytes: [UInt8], _ path: String, mode: mode_t
    ) throws(ChannelError) {
        do throws(FileProblem) {
            try SmallFile.make(path, of: bytes)
        } catch {
            throw ChannelError(description: "cannot write '\(path)': \(error)")
        }
        guard unsafe chmod(path, mode) == 0 else { throw .system("make '\(path)'") }
    }
}

package struct ChannelError: Error, Hashable, CustomStringConvertible {
    package let description: String

    static func system(_ operation: String) -> Self {
        Self(description: "cannot \(operation): \(unsafe String(cString: strerror(errno)))")
    }
}
