package import HTTP

/// Something to be asked of a registry, as a value.
package struct RegistryRequest: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        case none
        case bytes([UInt8])
        /// Part of the content that is being sent.
        case part(Range<Int>)
    }

    package let method: Request.Method
    package let place: WebPlace
    package var headers = Headers()
    package var body = Body.none

    package init(_ method: Request.Method, _ place: WebPlace) {
        self.method = method
        self.place = place
    }
}

/// What a registry has answered.
package struct RegistryAnswer: Hashable, Sendable {
    package let status: Int
    package let headers: Headers
    package let body: [UInt8]

    package init(_ status: Int, _ headers: Headers = Headers(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The digest that it says its content has; nothing if it says none that can be one.
    package var digest: Digest? {
        headers["Docker-Content-Digest"].flatMap { try? Digest(parsing: $0) }
    }

    /// It may be otherwise a little later.
    package var isPassing: Bool { status >= 500 || status == 429 || status == 408 }
}

/// What has come of a request, or of waiting.
package enum RegistryEvent: Hashable, Sendable {
    case answered(RegistryAnswer)
    /// No whole answer came; in words.
    case broke(String)
    /// The time is over that was to be waited.
    case waited
    /// The registry wanted to see a pass, and there is a new one: got for this errand, or for
    /// another beside it.
    case admitted(forThis: Bool)
}

/// What is to be done next.
package enum RegistryStep<Outcome: Hashable & Sendable>: Hashable, Sendable {
    case ask(RegistryRequest)
    case wait(milliseconds: Int, because: String)
    case done(Outcome)
    case failed(RegistryProblem)
}

/// One thing that is wanted of a registry, with all that it takes. It decides and does nothing.
package protocol RegistryErrand: Sendable {
    associatedtype Outcome: Hashable & Sendable

    mutating func begin() -> RegistryStep<Outcome>
    mutating func apply(_ event: RegistryEvent) -> RegistryStep<Outcome>
}
