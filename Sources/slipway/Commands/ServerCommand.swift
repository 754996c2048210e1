import CLaunch
import Engine
import Glibc
import Pipelines
import Service
import Store

enum ServerCommand: Command {
    private static let standardAddress = "127.0.0.1:7480"

    static let words = CommandWords(
        "server", "watch repositories, and run what arrives in them",
        forms: [
            Form(
                needs: [[.home]],
                takes: [
                    Flag(
                        "--listen", "ADDRESS:PORT", .text,
                        "where it answers; \(standardAddress) without it"),
                    Flag("--config", "FILE", .file, "how it works: the file 'server.yml'"),
                    .keyFile,
                ])
        ],
        prose: [
            "One process with one folder. Everything that happens is on the record in that folder "
                + "before anybody is told of it, so the server can be killed at any moment: the "
                + "next one goes on where it was.",
            "The first start makes a token for an administrator, and says in which file it is. "
                + "SIGTERM and Ctrl-C stop the server and nothing else: actions that run go on, "
                + "and the next server, be it a newer one, picks them up with their logs.",
            "It says what it does on standard error: in words on a terminal, as JSON otherwise.",
        ],
        examples: [
            .init("slipway server --home /var/lib/slipway", "serves on this machine only"),
            .init(
                "slipway server --home ci --listen :7480 --config server.yml",
                "serves everybody who reaches this machine, as the file says"),
        ],
        exits: [
            .init(ExitCode.success, "it was told to stop, and has"),
            .init(ExitCode.usage, "a mistake in usage or in the file; nothing was started"),
            .init(ExitCode.host, "this machine, or its disk, kept it from going on"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let home = try arguments.home()
        let listen = arguments.value(of: "--listen") ?? standardAddress
        guard let settings = settings(arguments.value(of: "--config")) else {
            return ExitCode.usage
        }
        // Before there is a second thread, which would take them.
        let stops = [SIGTERM, SIGINT].map { slipway_hear_signal($0) }
        do {
            let order = ServerOrder(
                home: try LocalPlace.made(home), listen: listen, settings: settings.value,
                folder: try LocalPlace.whole(settings.folder),
                keyFile: arguments.value(of: Flag.keyFile.name), journal: .standard)
            var server = try ServerProcess.prepare(order)
            try server.run(until: stops)
            return ExitCode.success
        } catch let refusal as Refusal {
            Output.error("slipway server: \(refusal.problem)\n  hint: \(refusal.hint)\n")
            return ExitCode.usage
        } catch {
            Output.error("slipway server: \(error)\n")
            return ExitCode.host
        }
    }

    /// Without a file, what a server does by itself; nothing if there are mistakes in it.
    private static func settings(_ path: String?) -> (value: Service.Settings, folder: String)? {
        guard let path else { return (Service.Settings(), ".") }
        do throws(Input.Failure) {
            let bytes = try Input.read(path)
            let reading = Service.Settings.read(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            Output.error(Report(file: path, text: text).text(of: reading.diagnostics))
            let slash = path.lastIndex(of: "/")
            let folder = slash.map { String(path[..<$0]) } ?? "."
            return reading.settings.map { ($0, folder) }
        } catch {
            Output.error(
                "slipway server: '\(path)' cannot be read: \(error.problem)\n"
                    + "  hint: \(error.hint)\n")
            return nil
        }
    }
}
