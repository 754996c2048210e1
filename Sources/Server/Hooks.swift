package import HTTP
package import Pipelines
package import Webhooks

/// Whoever knows the secrets of forges, and what to look at when one of them tells of a push.
package protocol Hooks: Sendable {
    /// Asked on a thread that may wait for the disk. A name that nobody knows is refused as a
    /// signature that is wrong.
    func take(_ delivery: Delivery) throws(HookRefusal) -> Webhook.Kind
}

/// What a forge has sent, as it came.
package struct Delivery: Sendable {
    package let place: SourceName
    package let forge: Forge
    package let headers: [Field]
    package let body: [UInt8]

    init(to place: SourceName, from forge: Forge, headers: [Field], body: [UInt8]) {
        self.place = place
        self.forge = forge
        self.headers = headers
        self.body = body
    }
}

/// Knows no forge.
package struct NoHooks: Hooks {
    package init() {}

    package func take(_ delivery: Delivery) throws(HookRefusal) -> Webhook.Kind { throw .wrong }
}
