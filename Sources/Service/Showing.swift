import Couriers
import Engine
import Git
import Pipelines
import SmallFiles
import Vault
import Watching

/// What remotes are shown: the secret that a source names, and whom this machine trusts.
struct Showing: Sendable {
    let desk: FrontDesk
    let vault: Vault
    let order: ServerOrder
    let reach: DefinitionReach

    func access(to address: RemoteAddress) -> Access {
        access(for: sources(at: address), knownHosts)
    }

    /// Where what comes from there, its submodules too, may lie.
    func policy(of address: RemoteAddress) -> FetchPolicy {
        FetchPolicy(
            order.settings.reach,
            folders: .widest(sources(at: address).map(reach.folders)))
    }

    private func sources(at address: RemoteAddress) -> [WatchedSource] {
        let all =
            WatchedSource.all(in: desk.view.state)
            + order.settings.definitionSources.map(\.watched)
        return all.filter { watched in
            watched.source.git.flatMap { try? RemoteAddress(parsing: $0.address) } == address
        }
    }

    /// For a look, which speaks with this remote and no other: where nobody asks for them, the
    /// known hosts are not read.
    func access(to address: RemoteAddress, for sources: [WatchedSource]) -> Access {
        access(for: sources, address.way == .ssh ? knownHosts : "")
    }

    /// A source whose secret is not there is shown nothing, and its remote says what it thinks of
    /// that.
    private func access(for sources: [WatchedSource], _ knownHosts: String) -> Access {
        let name = sources.compactMap(\.source.git?.credential).first
        let secret = name.flatMap { try? vault.value(of: $0) }
        return Access(
            secret.map(Self.credential) ?? .nothing,
            authorities: order.settings.authorities.map(order.path), knownHosts: knownHosts)
    }

    /// A private key, `user:password`, or a token, as it looks.
    private static func credential(_ secret: [UInt8]) -> Access.Credential {
        let text = String(decoding: secret, as: UTF8.self)
        if text.hasPrefix("-----BEGIN ") {
            return .key(user: nil, text: text, passphrase: nil)
        }
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard let colon = line.firstIndex(of: ":") else {
            // Forges take a token as the password of any user; this name the most of them take.
            return .password(user: "oauth2", secret: line)
        }
        return .password(
            user: String(line[..<colon]), secret: String(line[line.index(after: colon)...]))
    }

    private var knownHosts: String {
        let path = order.settings.knownHosts.map(order.path) ?? "\(order.home)/known_hosts"
        return (try? SmallFile.text(of: path, limit: 1 << 20)) ?? ""
    }
}
