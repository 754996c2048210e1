import Store
import Vault

enum RotateKeyCommand: Command {
    static let words = CommandWords(
        "rotate-key", "seal a server's secrets with a new key, and forget the old one",
        forms: [Form(needs: [[.namedHome]], takes: [.keyFile])],
        prose: [
            "Every secret is sealed anew. If one of them cannot be read, nothing is changed; if "
                + "this is cut short, the next start of the server goes on with it. No server may "
                + "be using the folder. The old key is gone afterwards, but not from backups: "
                + "whoever has one and the old key still reads what was secret then."
        ],
        examples: [
            .init("slipway rotate-key --home /var/lib/slipway", "makes a new key there")
        ],
        exits: .usual)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try arguments.home()
        try arguments.requireNoOperands()
        let keyFile = arguments.value(of: Flag.keyFile.name)
        return hosted { () throws(StoreError) in
            let folder = try Home(holding: home)
            try folder.requireDatabase()
            do throws(VaultError) {
                let vault = try Vault.open(in: home, keyFile: keyFile)
                let count = try vault.entries().count
                try vault.rotate()
                let secrets = Output.count(count, "secret")
                Output.print("\(secrets) sealed with a new key in '\(vault.keyPath)'\n")
                return ExitCode.success
            } catch {
                Output.error("slipway rotate-key: \(error.problem)\n  hint: \(error.hint)\n")
                return ExitCode.host
            }
        }
    }
}

extension Flag {
    /// Where the key of the secrets lies, if not in the house's folder.
    static let keyFile = Flag(
        "--key-file", "FILE", .file,
        "the key that seals the secrets; without it 'secrets.key' of the home folder")
}
