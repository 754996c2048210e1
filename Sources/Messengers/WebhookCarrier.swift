package import Addresses
import Curl
import Glibc
import HTTP
package import Notices
package import Threads
import Webhooks

/// Tells by POST, signed as Standard Webhooks says.
package struct WebhookCarrier: Carrier {
    /// Receivers that need longer should answer first and work then.
    private static let seconds = 15
    /// Nobody reads what they answer.
    private static let longestAnswer = 64 * 1024

    private let url: String
    private let addresses: AddressPolicy
    private let authorities: String?
    private let secret: @Sendable () -> [UInt8]?

    /// `secret` is asked for each time, so that a new one counts at once. If there is a file of
    /// `authorities`, the receiver's certificate has to be signed by one of them.
    package init(
        to url: String, addresses: AddressPolicy, authorities: String? = nil,
        secret: @escaping @Sendable () -> [UInt8]?
    ) {
        self.url = url
        self.addresses = addresses
        self.authorities = authorities
        self.secret = secret
    }

    package func carry(_ parcel: Parcel, interrupt: Bell) -> Patience.Reception? {
        guard let value = secret(), let secret = HookSecret(value) else {
            return .failed("there is no secret to sign with; set it, and not an empty one")
        }
        var call = Call(.post, .url(url), body: parcel.body)
        call.headers.add("Content-Type", "application/json")
        call.headers.add("User-Agent", "Slipway")
        let signed = StandardWebhook.headers(
            id: parcel.id, time: parcel.time, body: parcel.body, secret: secret)
        for header in signed { call.headers.add(header.name, header.value) }
        call.addresses = addresses
        call.trust = authorities.map { .authorities($0) } ?? .system
        call.seconds = Self.seconds
        call.taking = .whole(limit: Self.longestAnswer)
        do throws(CallProblem) {
            return try ask(call, interrupt)
        } catch {
            return .failed("\(Call.origin(of: url)): \(error.detail); \(error.hint)")
        }
    }

    private func ask(_ call: Call, _ interrupt: Bell) throws(CallProblem) -> Patience.Reception? {
        let client = try HTTPClient()
        let transfer = try client.begin(call)
        defer { client.abandon(transfer) }
        client.run()
        while !transfer.isDone {
            guard !interrupt.isRung else { return nil }
            client.wait(
                [pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0)],
                milliseconds: 1_000)
            _ = transfer.take()
        }
        // A receiver that has said how it is and then talks too long has said it all the same.
        guard let status = transfer.status else {
            if let problem = transfer.problem { throw problem }
            return .failed("\(Call.origin(of: url)) has not answered")
        }
        return reception(status)
    }

    private func reception(_ status: Int) -> Patience.Reception {
        let words = "\(Call.origin(of: url)) has answered \(status)"
        return switch status {
        case 200..<300: .taken
        // Come again later; no redirect is followed, so one is no answer of a receiver.
        case 408, 425, 429, 500...: .failed(words)
        default: .rejected(words)
        }
    }
}
