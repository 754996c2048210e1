package import Glibc

/// A build that the Engine is at. Its owner, the engine's thread, carries it on; letting go of it
/// before its end ends it at the Engine too.
package final class BuildUnderWay {
    /// What the image is called; whoever has no more use for it removes the name.
    package let name: BuildName
    private let engine: DockerEngine
    private let session: BuildSession
    private let transfer: EngineTransfer
    private var story = BuildStory()
    private var outcome: Result<String, BuildProblem>?

    init(
        _ name: BuildName, on engine: DockerEngine, session: BuildSession, transfer: EngineTransfer
    ) {
        self.name = name
        self.engine = engine
        self.session = session
        self.transfer = transfer
    }

    deinit { engine.abandon(transfer) }

    package var isDone: Bool { outcome != nil }

    /// What its owner has to wait for, beside the engine's own.
    package var waited: [pollfd] { session.waited }

    /// Takes what has come, and gives what is new, as lines for people.
    package func advance() -> [String] {
        guard outcome == nil else { return [] }
        session.run()
        engine.run()
        // Before what has come is taken: what comes between would be lost.
        let isOver = transfer.isDone
        if let status = transfer.status, !(200...299 ~= status) {
            guard isOver else { return [] }
            outcome = .failure(.engine(engine.refusal(of: transfer, transfer.take())))
            return []
        }
        var lines = story.feed(transfer.take())
        guard isOver else { return lines }
        lines += story.finish()
        outcome = result()
        return lines
    }

    /// Ends it.
    package func cancel() {
        engine.abandon(transfer)
        outcome = outcome ?? .failure(.cancelled)
    }

    /// The image's id, once it is done.
    package func image() throws(BuildProblem) -> String {
        try (outcome ?? .failure(.broken("it is not done"))).get()
    }

    private func result() -> Result<String, BuildProblem> {
        if let problem = transfer.problem, story.error == nil, story.image == nil {
            return .failure(
                .engine(.unreachable(socket: engine.socket, problem: "\(problem)")))
        }
        do throws(BuildProblem) { return .success(try story.result()) } catch {
            return .failure(error)
        }
    }
}
