import Client
import Pipelines

enum LogoutCommand: Command {
    static let words = CommandWords(
        "logout", "forget a server's token",
        forms: [Form(operands: [Operand("URL", .text, count: .perhaps)])],
        prose: [
            "Without an address, the server that is asked without one is meant. The token itself "
                + "stays good until it expires or an administrator revokes it."
        ],
        examples: [.init("slipway logout https://ci.example.org", "forgets its token")],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let given = try arguments.operands(0...1, example: "logout https://ci.example.org")
        return saying(Self.self) { () throws(ClientError) in
            try Settings.servers.change { servers throws(ClientError) in
                let address =
                    try given.first.map { url throws(ClientError) in
                        try ServerAddress(parsing: url)
                    } ?? servers.chosen?.address
                guard let address, servers.remove(address) else {
                    throw ClientError(
                        .usage, "you are not logged in \(address.map { "at \($0)" } ?? "anywhere")",
                        hint: "`slipway servers` lists where you are")
                }
                Output.print("forgot the token for \(address)\n")
                if let next = servers.chosen {
                    Output.print("\(next.address) is asked from now on\n")
                }
            }
            return ExitCode.success
        }
    }
}
