import Client
import HTTP
import JSON
import Pipelines

enum SecretsCommand: Command {
    /// The server takes no longer one.
    private static let longest = 64 << 10

    private static let file = Flag(
        "--file", "FILE", .file,
        "the file with the value, byte for byte; without it standard input, without the end of "
            + "its last line")

    static let words = CommandWords(
        "secrets", "list, set and remove a server's secrets",
        forms: [
            Form(
                "list", "shows their names and dates, never a value; so does no word at all.",
                takes: .ofServer + [.json]),
            Form(
                "set", "keeps a value under a name, in place of one that was there.",
                takes: [file] + .ofServer, operands: [Operand("NAME", .served(.secrets))]),
            Form(
                "remove", "forgets a value.", takes: [.agreed] + .ofServer,
                operands: [Operand("NAME", .served(.secrets))]),
        ],
        prose: [
            "A value is read from standard input or a file, never from the line, where other "
                + "programs of this machine could see it. At a terminal it is not shown."
        ],
        examples: [
            .init("slipway secrets set deploy-key --file key.pem", "keeps the bytes of a file"),
            .init("pass show registry | slipway secrets set registry", "from another program"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verb = try arguments.verb(of: Self.self, orElse: "list").verb
        guard verb != "list" else {
            _ = try arguments.operands(0...1, example: "secrets list")
            return asking(arguments, Self.self, list)
        }
        let name = try arguments.operands(1...1, after: verb, example: "secrets \(verb) NAME")[0]
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let shown = Report.visible(name)
            if verb == "remove" {
                try arguments.agree(to: "Remove secret '\(shown)'?")
                try remote.client.send(.delete, ["secrets", name])
                Output.print("secret \(shown) is removed\n")
            } else {
                var call = ServerCall(.put, "secrets", name)
                call.body = .init("application/octet-stream", try value(arguments, shown))
                _ = try remote.client.ask(call)
                Output.print("secret \(shown) is set\n")
            }
            return ExitCode.success
        }
    }

    private static func value(
        _ arguments: Arguments, _ name: String
    ) throws(ClientError) -> [UInt8] {
        guard let path = arguments.value(of: "--file") else {
            let bytes = try Terminal.secret("Value of '\(name)'", limit: longest)
            guard !bytes.isEmpty else {
                throw ClientError(.usage, "no value was given", hint: "type or pipe it")
            }
            return bytes
        }
        let bytes: [UInt8]
        do throws(Input.Failure) {
            bytes = try Input.read(path)
        } catch {
            throw ClientError(
                .usage, "'\(Report.visible(path))' cannot be read: \(error.problem)",
                hint: error.hint)
        }
        guard bytes.count <= longest else {
            throw ClientError(
                .usage, "'\(Report.visible(path))' holds more than \(longest) bytes",
                hint: "a secret is a key or a password; keep large files elsewhere")
        }
        return bytes
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(SecretWords.self, "secrets")
        remote.face.show(listing, empty: "there are no secrets") { secrets in
            var table = Table("SECRET", "VERSION", "SET")
            for secret in secrets {
                table.add(
                    .init(secret.name), .init("\(secret.version)"),
                    .init(remote.face.ago(secret.set)))
            }
            return table
        }
        return ExitCode.success
    }
}
