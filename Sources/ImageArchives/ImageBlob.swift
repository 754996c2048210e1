package import Images
package import Tar

/// A blob that is to be pushed, and where it is once somebody needs it.
package struct ImageBlob: Sendable {
    package let descriptor: Descriptor
    /// Its digest was worked out here, and is not what an archive says.
    package let isSure: Bool
    private let finding: @Sendable () throws -> FilePlace

    init(
        _ descriptor: Descriptor, isSure: Bool,
        finding: @escaping @Sendable () throws -> FilePlace
    ) {
        self.descriptor = descriptor
        self.isSure = isSure
        self.finding = finding
    }

    /// Its size is that of its descriptor; its digest is found out by whoever reads it.
    package func place() throws(ArchiveProblem) -> FilePlace {
        let place = try ArchiveProblem.wrapping { try finding() }
        guard place.size == descriptor.size else {
            throw ArchiveProblem(
                "blob \(descriptor.digest) has \(place.size) bytes, and its manifest says "
                    + "\(descriptor.size)",
                hint: "make the archive anew; it may have been cut short")
        }
        return place
    }
}
