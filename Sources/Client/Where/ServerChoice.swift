/// Which server is asked, as whom, and why that one.
package struct ServerChoice: Hashable, Sendable {
    package enum Origin: String, Sendable {
        case option = "--server"
        case environment = "SLIPWAY_URL"
        case login = "slipway login"
    }

    /// What may name a server.
    package struct Wish: Sendable {
        /// `--server`, `--ca` and `--allow-plain-http`.
        package var option: String?
        package var authorities: String?
        package var allowsPlainHTTP = false
        /// `SLIPWAY_URL` and `SLIPWAY_TOKEN`.
        package var variable: String?
        package var token: String?

        package init() {}
    }

    package let address: ServerAddress
    package let token: Token?
    /// A file with certificates that are trusted instead of this machine's.
    package let authorities: String?
    package let origin: Origin
    private let allowsPlainHTTP: Bool

    /// The option goes before the environment, and that before a login; nothing if none names one.
    ///
    /// A token in the environment belongs to the address in the environment, and is not shown to
    /// another; where there is no address it belongs to whichever server is asked.
    package static func made(
        of wish: Wish, _ servers: KnownServers
    ) throws(ClientError) -> ServerChoice? {
        let named = try wish.variable.flatMapTyped(ServerAddress.init(parsing:))
        let origin: Origin
        let address: ServerAddress
        if let option = wish.option {
            (origin, address) = (.option, try ServerAddress(parsing: option))
        } else if let named {
            (origin, address) = (.environment, named)
        } else if let chosen = servers.chosen {
            (origin, address) = (.login, chosen.address)
        } else {
            return nil
        }
        let known = servers[address]
        let ownToken = try wish.token.flatMapTyped(Token.init(parsing:))
        let isOwn = named == nil || named == address
        return ServerChoice(
            address: address, token: isOwn ? ownToken ?? known?.token : known?.token,
            authorities: wish.authorities ?? known?.authorities, origin: origin,
            allowsPlainHTTP: wish.allowsPlainHTTP || known?.allowsPlainHTTP == true)
    }

    /// The token, if it may be sent: whoever listens on the way could use one that is not
    /// encrypted.
    package var tokenToSend: Token? {
        get throws(ClientError) {
            guard let token else { return nil }
            guard address.isSecure || address.isLoopback || allowsPlainHTTP else {
                throw ClientError(
                    .usage, "\(address) has no TLS: whoever listens would learn the token",
                    hint: "use an 'https://' address, or accept it with '--allow-plain-http'")
            }
            return token
        }
    }
}

extension Optional {
    fileprivate func flatMapTyped<Result>(
        _ change: (Wrapped) throws(ClientError) -> Result
    ) throws(ClientError) -> Result? {
        guard let self else { return nil }
        return try change(self)
    }
}
