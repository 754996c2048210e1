import Cryptography

/// A delivery whose sender knew the secret. It says that somebody should look; what there is to see
/// is found out by looking.
package struct Webhook: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Refs may have changed.
        case push
        /// Somebody tries whether it arrives.
        case ping
        /// Something that changes no ref.
        case other
    }

    package static let maximumBody = 1 << 20
    /// Longer ids are no ids.
    static let maximumID = 200
    package static let maximumSecrets = 2

    package let forge: Forge
    package let kind: Kind
    /// What the forge calls this delivery, if it calls it anything.
    package let id: String?
    /// SHA-256 of the body, in digits.
    package let digest: String

    /// Looks at a delivery as it came, before anything in it is believed or read.
    ///
    /// `now` is in seconds since 1970. Two secrets are there while one takes the other's place.
    package static func verify(
        _ forge: Forge, headers: [(name: String, value: String)], body: [UInt8],
        secrets: [HookSecret], now: Int64
    ) throws(HookRefusal) -> Webhook {
        guard body.count <= maximumBody else { throw .tooLarge }
        let headers = try HookHeaders(headers)
        switch forge {
        case .github:
            try verify(try headers.prefixed("x-hub-signature-256"), of: body, by: secrets)
        case .gitea:
            try verify(try headers.required("x-gitea-signature"), of: body, by: secrets)
        case .forgejo:
            // Its own where it is there: one that is wrong is not made good by the other.
            let own = headers["x-forgejo-signature"]
            let code = if let own { own } else { try headers.required("x-gitea-signature") }
            try verify(code, of: body, by: secrets)
        case .bitbucket:
            try verify(try headers.prefixed("x-hub-signature"), of: body, by: secrets)
        case .gitlab: try verifyGitLab(headers, body, secrets, now)
        }
        let id = headers.first(of: forge.deliveryHeaders)
        guard id.map({ 1...maximumID ~= $0.utf8.count }) ?? true else { throw .malformed }
        return Webhook(
            forge: forge, kind: kind(headers.first(of: forge.eventHeaders), of: forge), id: id,
            digest: SHA256.hex(of: body))
    }

    private static func verify(
        _ digits: String, of body: [UInt8], by secrets: [HookSecret]
    ) throws(HookRefusal) {
        guard let code = Hex.bytes(of: digits), code.count == HMAC.length else { throw .wrong }
        // All of them, so that time does not tell which was right.
        let right = secrets.map { $0.hasSigned(body, as: code) }
        guard right.contains(true) else { throw .wrong }
    }

    private static func verifyGitLab(
        _ headers: HookHeaders, _ body: [UInt8], _ secrets: [HookSecret], _ now: Int64
    ) throws(HookRefusal) {
        guard let signature = headers["webhook-signature"] else {
            let sent = try headers.required("x-gitlab-token")
            let right = secrets.map { $0.wasSent(as: sent) }
            guard right.contains(true) else { throw .wrong }
            return
        }
        let id = try headers.required("webhook-id")
        let time = try headers.required("webhook-timestamp")
        guard
            StandardWebhook.isSigned(signature, id: id, time: time, body: body, by: secrets)
        else { throw .wrong }
        guard let seconds = Int64(time) else { throw .malformed }
        let (apart, overflow) = now.subtractingReportingOverflow(seconds)
        guard !overflow, apart.magnitude <= StandardWebhook.tolerance else { throw .stale }
    }

    private static func kind(_ event: String?, of forge: Forge) -> Kind {
        guard let event else { return .other }
        if forge.pushes.contains(event) { return .push }
        return forge.pings.contains(event) ? .ping : .other
    }
}

/// Headers by their small names; none of those that matter can be there twice.
struct HookHeaders {
    private let values: [String: String]

    init(_ headers: [(name: String, value: String)]) throws(HookRefusal) {
        var values: [String: String] = [:]
        var doubled: Set<String> = []
        for (name, value) in headers {
            let name = name.lowercased()
            if values.updateValue(value, forKey: name) != nil { doubled.insert(name) }
        }
        // Two signatures, of which one is wrong, are none.
        let known = Forge.allCases.flatMap { $0.deliveryHeaders + $0.eventHeaders }
        let matters = Set(known).union([
            "x-hub-signature", "x-hub-signature-256", "x-gitea-signature", "x-forgejo-signature",
            "x-gitlab-token", "webhook-signature", "webhook-timestamp",
        ])
        guard doubled.isDisjoint(with: matters) else { throw .malformed }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    func required(_ name: String) throws(HookRefusal) -> String {
        guard let value = values[name], !value.isEmpty else { throw .unsigned }
        return value
    }

    /// What follows `sha256=`.
    func prefixed(_ name: String) throws(HookRefusal) -> String {
        let value = try required(name)
        guard value.hasPrefix("sha256=") else { throw .wrong }
        return String(value.dropFirst(7))
    }

    func first(of names: [String]) -> String? { names.lazy.compactMap { values[$0] }.first }
}
