package import Attempts
import CLaunch
import Glibc

/// A supervisor that waits for its errand and has made ready what does not depend on it. Dropped,
/// or when we end, it goes away without a trace.
package struct SpareSupervisor: ~Copyable {
    /// The user that its commands will be; nothing if they will be our own.
    package let slot: Int?
    private let process: SupervisorProcess
    private let input: Int32

    /// `owner` is whose it is, for people who look at the list of processes.
    package static func start(
        _ program: String, owner: String, slot: Int?
    ) throws(SandboxError) -> SpareSupervisor {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw SandboxError.system("make a pipe") }
        defer { close(ends[0]) }
        var life: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&life) == 0 else {
            close(ends[1])
            throw SandboxError.system("make a pipe")
        }
        defer { close(life[1]) }
        let id = unsafe withSlot(slot) { slot in
            unsafe slipway_start_supervisor(program, owner, slot, ends[0], life[1])
        }
        guard id > 0 else {
            let code = errno
            close(ends[1])
            close(life[0])
            throw SandboxError.system(
                "start '\(program)'", code: code, hint: "it belongs beside the command 'slipway'")
        }
        return SpareSupervisor(
            slot: slot, process: SupervisorProcess(id: id, life: life[0]), input: ends[1])
    }

    private init(slot: Int?, process: SupervisorProcess, input: Int32) {
        self.slot = slot
        self.process = process
        self.input = input
    }

    deinit { close(input) }

    package var hasEnded: Bool { process.hasEnded }

    /// Sends it off. The folder has its spec in it; from now on it goes on when we end.
    package consuming func send(_ errand: Errand) -> SupervisorProcess {
        // If it has died, its end tells so; what it did not read it cannot use.
        let previous = signal(SIGPIPE, SIG_IGN)
        defer { _ = signal(SIGPIPE, previous) }
        var rest = errand.fields.bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe write(input, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return process
    }

    /// Tells it that it is not needed. What is given back can be waited for.
    package consuming func dismiss() -> SupervisorProcess { process }
}

private func withSlot<Result>(
    _ slot: Int?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
    guard let slot else { return body(nil) }
    return unsafe String(slot).withCString { unsafe body($0) }
}
