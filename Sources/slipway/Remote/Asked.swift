import Client
import Glibc
import JSON

/// A server that a command asks, and how what it answers is shown.
struct Remote {
    let client: Client
    let face: Face

    init(_ client: Client, _ arguments: Arguments) {
        self.client = client
        face = Face(arguments)
    }
}

extension Flag {
    static let server = Flag(
        "--server", "URL", .text,
        "the server that is asked; without it the one in SLIPWAY_URL, or of `slipway login`")
    static let authorities = Flag(
        "--ca", "FILE", .file, "the authority that signed its certificate, if no public one did")
    static let plainHTTP = Flag(
        "--allow-plain-http",
        "send the token without TLS to another machine: whoever listens learns it")
    static let json = Flag("--json", "print the server's own JSON, one object a line")
}

extension [Flag] {
    /// Of every command that asks a server.
    static let ofServer: [Flag] = [.server, .authorities, .plainHTTP]
}

extension [CommandWords.Exit] {
    static let ofServer: [CommandWords.Exit] = [
        .init(ExitCode.success, "done"), .init(ExitCode.usage, "a mistake in usage"),
        .init(ExitCode.host, "this machine could not do its part"),
        .init(ExitCode.server, "the server refused, or could not be reached"),
    ]
}

extension Arguments {
    /// The server that is meant, if one is: a folder that is named goes before any.
    func serverChoice() throws(ClientError) -> ServerChoice? {
        if value(of: "--home") != nil || value(of: "--export") != nil {
            guard value(of: "--server") == nil else {
                throw ClientError(
                    .usage, "'--server' and a folder of this machine are both named",
                    hint: "name the one that is meant")
            }
            return nil
        }
        var wish = ServerChoice.Wish()
        wish.option = value(of: "--server")
        wish.authorities = value(of: "--ca")
        wish.allowsPlainHTTP = has("--allow-plain-http")
        wish.variable = Settings.variable("SLIPWAY_URL")
        wish.token = Settings.variable("SLIPWAY_TOKEN")
        return try ServerChoice.made(of: wish, try Settings.servers.read())
    }
}

/// What of this machine says which server is meant.
enum Settings {
    /// One that is empty is as good as none.
    static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    static var servers: ServersFile {
        let folder = variable("XDG_CONFIG_HOME") ?? "\(variable("HOME") ?? "")/.config"
        return ServersFile(settings: folder)
    }
}

/// Has a server asked, and says what it did not do.
func asking(
    _ arguments: Arguments, _ command: any Command.Type,
    _ body: (Remote) throws(ClientError) -> Int32
) -> Int32 {
    saying(command) { () throws(ClientError) in
        guard let choice = try arguments.serverChoice() else {
            throw ClientError(
                .usage, "no server is named",
                hint: "`slipway login URL`, or add '--server URL', or set SLIPWAY_URL")
        }
        return try body(Remote(try Client(choice), arguments))
    }
}

/// The same for a command that also knows the record in a folder, which it reads where no server
/// is meant.
func askingIfMeant(
    _ arguments: Arguments, _ command: any Command.Type,
    _ body: (Remote) throws(ClientError) -> Int32
) -> Int32? {
    var isMeant = true
    let code = saying(command) { () throws(ClientError) in
        guard let choice = try arguments.serverChoice() else {
            isMeant = false
            return ExitCode.success
        }
        return try body(Remote(try Client(choice), arguments))
    }
    return isMeant ? code : nil
}

func saying(_ command: any Command.Type, _ body: () throws(ClientError) -> Int32) -> Int32 {
    do throws(ClientError) {
        return try body()
    } catch {
        Output.error("slipway \(command.words.name): \(error.problem)\n  hint: \(error.hint)\n")
        switch error.kind {
        case .usage: return ExitCode.usage
        case .host: return ExitCode.host
        case .unreachable, .refused, .garbled: return ExitCode.server
        }
    }
}
