import Client
import Pipelines

enum ServersCommand: Command {
    static let words = CommandWords(
        "servers", "list the servers you are logged in to, and choose one",
        forms: [
            Form("list", "shows them; '*' marks the one that is asked. So does no word at all."),
            Form(
                "use", "chooses the one that is asked from now on.",
                operands: [Operand("URL", .text)]),
        ],
        prose: ["Tokens are not shown, and nothing is sent."],
        examples: [
            .init("slipway servers use https://ci.example.org", "asks this one from now on")
        ],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard try arguments.verb(of: Self.self, orElse: "list").verb == "use" else {
            _ = try arguments.operands(0...1, example: "servers list")
            return saying(Self.self) { () throws(ClientError) in
                let servers = try Settings.servers.read()
                if servers.all.isEmpty { Output.print("you are not logged in anywhere\n") }
                for server in servers.all {
                    let mark = server.address == servers.chosen?.address ? "*" : " "
                    Output.print("\(mark) \(server.address)\n")
                }
                return ExitCode.success
            }
        }
        let url = try arguments.operands(1...1, after: "use", example: "servers use URL")[0]
        return saying(Self.self) { () throws(ClientError) in
            let address = try ServerAddress(parsing: url)
            try Settings.servers.change { servers throws(ClientError) in
                guard servers.choose(address) else {
                    throw ClientError(
                        .usage, "you are not logged in at \(address)",
                        hint: "`slipway login \(address)`")
                }
            }
            Output.print("\(address) is asked from now on\n")
            return ExitCode.success
        }
    }
}
