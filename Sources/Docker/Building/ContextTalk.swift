import Grpc
import Tar

/// How BuildKit gets the files that it builds: it is told of all, asks for those whose content it
/// does not have, and says when it has enough.
final class ContextTalk: GrpcTalk {
    static let method = "/moby.filesync.v1.FileSync/DiffCopy"
    private static let piece = 128 << 10

    /// What a message is about, in its first field.
    private enum Kind: Int {
        case entry = 0
        case request = 1
        case data = 2
        case end = 3
        case error = 4
    }

    private struct Sending {
        let number: Int
        let file: ReadableFile
        var done = 0
    }

    private let context: BuildContext
    private let entries: [BuildContext.Entry]
    private var told = 0
    private var asked: [Int] = []
    private var begun = 0
    private var sending: Sending?
    private var ending: GrpcSaying?

    init(_ context: BuildContext, _ fields: [GrpcField]) {
        self.context = context
        // Letters that a head cannot hold are written in a way that is not read here.
        let isPlain = !fields.contains { $0.name == "followpaths-encoded" }
        let paths = fields.filter { $0.name == "followpaths" }.map(\.value)
        entries = context.entries(at: isPlain ? paths : [])
    }

    func hear(_ message: [UInt8]) {
        guard let fields = ProtobufFields.all(of: message[...], atMost: 100) else {
            ending = .refused(.invalidArgument, "the question cannot be read")
            return
        }
        let number = fields.last { $0.number == 3 }?.integer ?? 0
        switch Kind(rawValue: fields.last { $0.number == 1 }?.integer ?? 0) {
        case .request:
            guard entries.indices.contains(number), asked.count < entries.count else {
                ending = .refused(.invalidArgument, "there is no file \(number)")
                return
            }
            asked.append(number)
        case .end: ending = ending ?? .message(Protobuf.field(1, Kind.end.rawValue))
        case .error: ending = ending ?? .end
        case .entry, .data, nil: break
        }
    }

    func say() -> GrpcSaying {
        if let ending {
            if case .message = ending { self.ending = .end }
            return ending
        }
        if told <= entries.count {
            defer { told += 1 }
            // Behind the last stands one of nothing.
            return .message(told < entries.count ? describe(entries[told]) : [])
        }
        do throws(TarProblem) { return try content() } catch {
            ending = .refused(.aborted, error.description)
            return ending ?? .end
        }
    }

    private func describe(_ entry: BuildContext.Entry) -> [UInt8] {
        var stat = Protobuf.field(1, entry.path.utf8)
        stat += Protobuf.field(2, GoMode.bits(of: entry))
        var nanoseconds = context.time * 1_000_000_000
        switch entry.content {
        case .folder: break
        case .file(let size, let mark):
            stat += Protobuf.field(5, size)
            nanoseconds += mark
        case .link(let target): stat += Protobuf.field(7, target.utf8)
        }
        stat += Protobuf.field(6, nanoseconds)
        return Protobuf.field(2, stat)
    }

    private func content() throws(TarProblem) -> GrpcSaying {
        if sending == nil, begun < asked.count {
            let number = asked[begun]
            begun += 1
            let path = entries[number].path
            let file = try context.file(path)
            guard case .file(file.size, _) = entries[number].content else {
                throw Self.changed(path)
            }
            sending = Sending(number: number, file: file)
        }
        guard var current = sending else { return .nothing }
        let wanted = min(Self.piece, current.file.size - current.done)
        let bytes = try current.file.read(at: current.done, atMost: wanted)
        guard bytes.count == wanted else { throw Self.changed(entries[current.number].path) }
        current.done += wanted
        // A piece of nothing is the end of a file.
        sending = wanted == 0 ? nil : current
        let head =
            Protobuf.field(1, Kind.data.rawValue) + Protobuf.field(3, current.number)
        return .message(wanted == 0 ? head : head + Protobuf.field(4, bytes))
    }

    private static func changed(_ path: String) -> TarProblem {
        TarProblem(
            "'\(BuildText.visible(path))' became another while it was sent",
            hint: "let nothing write there meanwhile, and run it again")
    }
}

/// A file's kind and permissions, by the bits that Go has for them.
private enum GoMode {
    static func bits(of entry: BuildContext.Entry) -> Int {
        var bits = Int(entry.permissions & 0o777)
        if entry.permissions & 0o4000 != 0 { bits |= 1 << 23 }
        if entry.permissions & 0o2000 != 0 { bits |= 1 << 22 }
        if entry.permissions & 0o1000 != 0 { bits |= 1 << 20 }
        switch entry.content {
        case .folder: bits |= 1 << 31
        case .link: bits |= 1 << 27
        case .file: break
        }
        return bits
    }
}
