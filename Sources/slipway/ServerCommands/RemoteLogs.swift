import CLaunch
import Client
import Glibc
import Pipelines

/// `slipway logs` of an execution on a server.
enum RemoteLogs {
    /// Nothing where no server is meant.
    static func run(_ arguments: Arguments) throws(UsageError) -> Int32? {
        if arguments.value(of: "--home") != nil {
            guard !arguments.has("-f") else {
                throw UsageError(
                    "'-f' follows an execution on a server",
                    hint: "leave out '--home'; `slipway run` shows what happens here")
            }
            return nil
        }
        return askingIfMeant(arguments, LogsCommand.self) { remote throws(ClientError) in
            let example = "write 'slipway logs shop/42 test/unit'"
            let words = arguments.operands
            guard 1...2 ~= words.count, let (pipeline, number) = ExecutionName.parse(words[0])
            else {
                throw ClientError(.usage, "it is not said which execution", hint: example)
            }
            if arguments.has("-f"), words.count == 1 {
                var following = Following(remote, pipeline, number, showsOutput: true)
                return try following.run()
            }
            let all = try remote.client.list(
                AttemptWords.self, "pipelines", pipeline, "executions", "\(number)", "attempts")
            let name = Report.visible("\(pipeline)/\(number)")
            let wanted = words.dropFirst().first
            let attempts = all.items.filter { wanted == nil || wanted == $0.name }
            guard let last = attempts.last else {
                let problem = wanted.map { "'\(Report.visible($0))' did not run in \(name)" }
                throw ClientError(
                    .host, problem ?? "nothing has run in \(name) yet",
                    hint: "`slipway show \(name)` tells what did, and what it waits for")
            }
            if arguments.has("-f") {
                return try follow(last, pipeline, number, remote)
            }
            for attempt in attempts {
                if wanted == nil {
                    Output.print(Report.visible("== \(attempt.title): \(attempt.status)") + "\n")
                }
                var tail = LogTail(path(of: attempt, pipeline, number))
                while case let bytes = try tail.next(from: remote.client), !bytes.isEmpty {
                    Output.print(server: bytes)
                }
            }
            return ExitCode.success
        }
    }

    /// One action's log alone, byte for byte, as it grows.
    private static func follow(
        _ attempt: AttemptWords, _ pipeline: String, _ number: Int, _ remote: Remote
    ) throws(ClientError) -> Int32 {
        let interrupt = slipway_hear_signal(SIGINT)
        var tail = LogTail(path(of: attempt, pipeline, number))
        var reconnection = Reconnection(to: remote.client, interrupt)
        while true {
            do throws(ClientError) {
                while case let bytes = try tail.next(from: remote.client), !bytes.isEmpty {
                    Output.print(server: bytes)
                }
                if tail.isComplete { return ExitCode.success }
                while try !tail.hasMore(from: remote.client) {
                    reconnection.succeeded()
                    remote.client.wait(for: [interrupt], milliseconds: 30_000)
                    if reconnection.wasInterrupted { return ExitCode.stopped }
                }
                reconnection.succeeded()
            } catch {
                try reconnection.failed(error)
            }
            if reconnection.wasInterrupted { return ExitCode.stopped }
        }
    }

    private static func path(
        of attempt: AttemptWords, _ pipeline: String, _ number: Int
    ) -> [String] {
        LogTail.path(
            of: pipeline, number, attempt.stage, attempt.visit, attempt.job, attempt.attempt)
    }
}
