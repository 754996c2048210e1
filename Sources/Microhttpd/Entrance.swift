package import HTTP

/// What becomes of a request that brings a body, decided when nothing but its head is here.
package enum Entrance: Sendable {
    /// The answer is known, so nothing of the body is kept.
    case refused(Response)
    /// The body is read, so many bytes at most, and what it takes counts as this holder's.
    case open(atMost: Int, for: BodyHolder, then: Handler)
}

/// Whose a body is while it is on its way. Each kind has a room of its own, so that strangers take
/// nothing from those who belong here.
package enum BodyHolder: Hashable, Sendable {
    case known(String)
    case stranger(String)
}

/// Asked with a request as it is without its body. It returns at once.
package typealias Porter = @Sendable (Request) -> Entrance
