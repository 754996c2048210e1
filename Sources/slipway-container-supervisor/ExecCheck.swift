import Docker
import Glibc
import Serving
import Supervising

/// Looks at an instance by somebody's own commands in its container.
struct ExecCheck: Sendable {
    let socket: String
    let container: String
    let script: String
    let milliseconds: Int

    /// Nothing where the Engine cannot be asked: then nobody knows.
    func run() -> Finding? {
        do throws(DockerError) {
            return try look(on: try DockerEngine(at: socket))
        } catch .unreachable {
            return nil
        } catch {
            return .ill("the health check cannot be run: \(error)")
        }
    }

    private func look(on engine: DockerEngine) throws(DockerError) -> Finding? {
        let watch = Watch()
        let exec = try engine.prepare(script: script, in: container)
        let transfer = try engine.begin(exec: exec)
        defer { engine.abandon(transfer) }
        engine.run()
        while !transfer.isDone {
            let left = milliseconds - watch.milliseconds
            guard left > 0 else {
                end(try engine.facts(ofExec: exec))
                return .tooSlow(milliseconds)
            }
            engine.wait([], milliseconds: left)
            _ = transfer.take()
        }
        _ = try engine.answer(of: transfer)
        let facts = try engine.facts(ofExec: exec)
        // The Engine may say what has ended before it says how.
        return facts.code.map { .ended(code: $0) }
    }

    /// Nobody waits for it any more.
    private func end(_ facts: ExecFacts) {
        guard facts.isRunning, facts.process > 0 else { return }
        let own = Descent(first: facts.process)
        for process in own.descendants.reversed() { _ = kill(process, SIGKILL) }
    }

    private struct Descent: Processes { let first: Int32 }
}
