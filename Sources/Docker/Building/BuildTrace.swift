/// What BuildKit tells at one moment of what it does: steps that began or ended, parts of them, and
/// what they printed.
package struct BuildTrace: Hashable, Sendable {
    /// A step, known by its digest. Each is told of again and again, with more in it.
    package struct Step: Hashable, Sendable {
        package var digest = ""
        package var name = ""
        package var isCached = false
        /// Milliseconds since 1970.
        package var started: Int?
        package var completed: Int?
        package var error = ""
    }

    /// Something within a step: a layer that is fetched, say.
    package struct Part: Hashable, Sendable {
        package var name = ""
        package var step = ""
        package var current = 0
        package var total = 0
        package var started: Int?
        package var completed: Int?
    }

    package struct Print: Hashable, Sendable {
        package var step = ""
        package var time: Int?
        package var bytes: [UInt8] = []
    }

    private static let most = 20_000

    package private(set) var steps: [Step] = []
    package private(set) var parts: [Part] = []
    package private(set) var prints: [Print] = []

    /// `moby.buildkit.v1.StatusResponse`; nothing where the bytes are none.
    package init?(_ bytes: [UInt8]) {
        guard let fields = ProtobufFields.all(of: bytes[...], atMost: Self.most) else { return nil }
        for field in fields where 1...3 ~= field.number {
            guard let inner = ProtobufFields.all(of: field.bytes, atMost: Self.most) else {
                return nil
            }
            switch field.number {
            case 1: steps.append(Self.step(inner))
            case 2: parts.append(Self.part(inner))
            default: prints.append(Self.print(inner))
            }
        }
    }

    private static func step(_ fields: [ProtobufFields.Field]) -> Step {
        var step = Step()
        for field in fields {
            switch field.number {
            case 1: step.digest = field.text
            case 3: step.name = field.text
            case 4: step.isCached = field.integer != 0
            case 5: step.started = time(field)
            case 6: step.completed = time(field)
            case 7: step.error = field.text
            default: break
            }
        }
        return step
    }

    private static func part(_ fields: [ProtobufFields.Field]) -> Part {
        var part = Part()
        for field in fields {
            switch field.number {
            case 1: part.name = field.text
            case 2: part.step = field.text
            case 4: part.current = field.integer
            case 5: part.total = field.integer
            case 7: part.started = time(field)
            case 8: part.completed = time(field)
            default: break
            }
        }
        return part
    }

    private static func print(_ fields: [ProtobufFields.Field]) -> Print {
        var print = Print()
        for field in fields {
            switch field.number {
            case 1: print.step = field.text
            case 2: print.time = time(field)
            case 4: print.bytes = Array(field.bytes)
            default: break
            }
        }
        return print
    }

    /// `google.protobuf.Timestamp`; nothing where it is none, or one that nobody lives to see.
    private static func time(_ field: ProtobufFields.Field) -> Int? {
        guard let fields = ProtobufFields.all(of: field.bytes, atMost: 16) else { return nil }
        let seconds = fields.last { $0.number == 1 }?.integer ?? 0
        let nanoseconds = fields.last { $0.number == 2 }?.integer ?? 0
        guard 0...1 << 40 ~= seconds, 0..<1_000_000_000 ~= nanoseconds else { return nil }
        return seconds * 1_000 + nanoseconds / 1_000_000
    }
}
