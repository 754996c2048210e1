import Attempts
import Glibc
import SmallFiles

/// Where instances lie below a house's folder: `instances/staging/i12`, so that a person finds a
/// log by its name.
struct InstanceFolders {
    /// The newest logs of an environment that are kept when their instances are forgotten.
    private static let mostKept = 50

    let home: String

    var all: String { "\(home)/instances" }
    /// No environment's name begins with a point.
    var bell: String { "\(all)/.bell" }
    var trash: String { "\(all)/.trash" }

    func folder(of name: InstanceName) -> AttemptFolder {
        AttemptFolder("\(all)/\(name.environment)/\(name.id)")
    }

    /// All that were ever begun and are not thrown away.
    func names() -> [InstanceName] {
        SmallFile.names(in: all).flatMap { environment in
            SmallFile.names(in: "\(all)/\(environment)").compactMap {
                InstanceName(environment, $0)
            }
        }
    }

    /// Makes the folder, which claims the instance; false if somebody has before.
    func claim(_ name: InstanceName) throws(InstanceProblem) -> Bool {
        _ = try make("\(all)/\(name.environment)")
        return try make(folder(of: name).path)
    }

    func make(_ path: String) throws(InstanceProblem) -> Bool {
        if unsafe mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else {
            throw InstanceProblem("cannot make '\(path)': \(FileProblem.last)")
        }
        return false
    }

    /// Gives back one that was claimed and never begun.
    func release(_ name: InstanceName) {
        let folder = folder(of: name)
        _ = unsafe unlink(folder.spec)
        _ = unsafe rmdir(folder.path)
    }

    /// There if nobody asks for the instance any more.
    func isForgotten(_ name: InstanceName) -> Bool {
        SmallFile.isThere(folder(of: name).forgotten)
    }

    func forget(_ name: InstanceName) { try? SmallFile.make(folder(of: name).forgotten, of: []) }

    /// Folders of forgotten instances, but for the newest of an environment.
    func surplus(in environment: String) -> [String] {
        let forgotten = SmallFile.names(in: "\(all)/\(environment)")
            .compactMap { InstanceName(environment, $0) }.filter(isForgotten)
            .map { (folder(of: $0), time: Self.time(of: folder(of: $0).forgotten)) }
            .sorted { $0.time > $1.time }
        return forgotten.dropFirst(Self.mostKept).map(\.0.path)
    }

    private static func time(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0
            ? status.st_mtim.tv_sec * 1_000 + status.st_mtim.tv_nsec / 1_000_000 : 0
    }

    /// Addresses of this machine's own that an instance's door may have: others have others, so an
    /// endpoint that somebody still remembers does not soon belong to somebody else.
    func addresses(of name: InstanceName) -> [String] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(home)/\(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let place = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
        let (high, middle) = (64 + (place >> 16) % 64, (place >> 8) % 256)
        return (UInt32(0)..<4).map { step in
            "127.\(high).\(middle).\((place % 256 + step) % 256)"
        }
    }
}

extension AttemptFolder {
    fileprivate var forgotten: String { "\(path)/forgotten" }

    var writtenSpec: AttemptSpec? {
        (try? SmallFile.bytes(of: spec)).flatMap { try? AttemptSpec(Fields(parsing: $0)) }
    }

    var writtenReport: AttemptReport? {
        (try? SmallFile.bytes(of: report)).flatMap { try? AttemptReport(Fields(parsing: $0)) }
    }

    var writtenState: ServiceReading? {
        (try? SmallFile.bytes(of: state)).flatMap { try? ServiceReading(Fields(parsing: $0)) }
    }
}

/// Why an instance cannot be started, in words for whoever hosts the house.
package struct InstanceProblem: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
