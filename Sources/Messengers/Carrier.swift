package import Notices
package import Threads

/// Brings a notice to its receiver, and waits for what becomes of it.
package protocol Carrier: Sendable {
    /// Returns soon when `interrupt` is rung; nothing then, since nobody knows whether it
    /// arrived.
    func carry(_ parcel: Parcel, interrupt: Bell) -> Patience.Reception?
}

/// A notice as it travels.
package struct Parcel: Hashable, Sendable {
    package let id: String
    /// Now, in seconds since 1970: a signature is for one try.
    package let time: Int64
    package let body: [UInt8]

    package init(id: String, time: Int64, body: [UInt8]) {
        self.id = id
        self.time = time
        self.body = body
    }
}
