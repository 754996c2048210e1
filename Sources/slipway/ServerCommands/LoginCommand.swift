import Client
import Glibc
import Pipelines

enum LoginCommand: Command {
    static let words = CommandWords(
        "login", "keep a server's address and a token for it",
        forms: [
            Form(
                takes: [.authorities, .plainHTTP], operands: [Operand("URL", .text)])
        ],
        prose: [
            "Asks for the token, which a terminal does not show, or reads it from standard input, "
                + "and has the server say whose it is. Both are kept in "
                + "'~/.config/slipway/servers', which only you can read.",
            "From then on this server is asked by every command that is not told another by "
                + "'--server' or SLIPWAY_URL. `slipway servers` lists all that are kept.",
        ],
        examples: [
            .init("slipway login https://ci.example.org", "asks for the token"),
            .init("slipway login https://ci.example.org < token", "reads it from a file"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let url = try arguments.operands(1...1, example: "login https://ci.example.org")[0]
        return saying(Self.self) { () throws(ClientError) in
            let address = try ServerAddress(parsing: url)
            let authorities = try arguments.value(of: "--ca").map(whole)
            // Before a token is typed it is said that it could not be sent.
            var wish = ServerChoice.Wish()
            wish.option = url
            wish.authorities = authorities
            wish.allowsPlainHTTP = arguments.has("--allow-plain-http")
            wish.token = "none"
            _ = try ServerChoice.made(of: wish, KnownServers())?.tokenToSend
            let typed = try Terminal.secret("Token for \(address)", limit: Token.longest)
            wish.token = String(decoding: typed, as: UTF8.self)
            let token = try Token(parsing: wish.token ?? "")
            guard let choice = try ServerChoice.made(of: wish, KnownServers()) else {
                throw ClientError(.usage, "no server is named", hint: "write its address")
            }
            let me = try Client(choice).get(CallerWords.self, "me").value
            try Settings.servers.change { servers throws(ClientError) in
                servers.add(
                    .init(
                        address, token, authorities: authorities,
                        allowsPlainHTTP: wish.allowsPlainHTTP))
            }
            let face = Face(arguments)
            let end = me.expires.map { "; the token ends \(face.ago($0))" } ?? ""
            Output.print("you are \(Report.visible(me.name)) at \(address)\(end)\n")
            return ExitCode.success
        }
    }

    /// From anywhere it has to be the same file.
    private static func whole(_ path: String) throws(ClientError) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw ClientError(
                .usage, "'\(Report.visible(path))' cannot be found", hint: "check the name")
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
