extension DockerEngine {
    private static let patience = 10_000

    /// Begins a build of files that have to stay as they are until it is done.
    /// Nothing is built that the Engine cannot build: see `BuildAbility`.
    package func begin(
        _ build: ImageBuild, named name: BuildName, of context: BuildContext,
        answering services: SessionServices
    ) throws(BuildProblem) -> BuildUnderWay {
        try build.check()
        let found = try asked { () throws(DockerError) in try version() }
        if let problem = BuildAbility.problem(with: found) { throw problem }
        let session = try openSession(sending: context, answering: services)
        let request = build.request(named: name, session: session.id)
        return BuildUnderWay(
            name, on: self, session: session,
            transfer: try asked { () throws(DockerError) in try begin(request) })
    }

    /// All of a build; `show` gets its lines. It is asked at least each second whether to go on.
    package func build(
        _ build: ImageBuild, named name: BuildName, of context: BuildContext,
        answering services: SessionServices, whileTrue goesOn: () -> Bool = { true },
        show: (String) -> Void
    ) throws(BuildProblem) -> String {
        let underWay = try begin(build, named: name, of: context, answering: services)
        while true {
            for line in underWay.advance() { show(line) }
            if underWay.isDone { return try underWay.image() }
            guard goesOn() else {
                underWay.cancel()
                throw .cancelled
            }
            wait(underWay.waited, milliseconds: 1_000)
        }
    }

    /// The Engine knows a session only some time after it was told of it.
    private func openSession(
        sending context: BuildContext, answering services: SessionServices
    ) throws(BuildProblem) -> BuildSession {
        let session = try BuildSession(at: socket, sending: context, answering: services)
        let deadline = Self.now + Self.patience
        while true {
            session.run()
            if let problem = session.problem { throw .broken(problem) }
            if session.isReady { return session }
            guard Self.now < deadline else {
                throw .broken("it did not say for \(Self.patience / 1_000) s that it may ask")
            }
            wait(session.waited, milliseconds: deadline - Self.now)
        }
    }

    /// What the Engine says to it, as a problem of a build.
    func asked<Answer>(
        _ ask: () throws(DockerError) -> Answer
    ) throws(BuildProblem) -> Answer {
        do throws(DockerError) { return try ask() } catch { throw .engine(error) }
    }
}
